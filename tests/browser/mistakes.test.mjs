// What a person gets wrong: an error that says where, what and how to go on, and nothing changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REVISION, TUTORIAL_MODELS, newcomer } from './visitor.mjs';

test('a syntax error in models.py: the line, what is wrong, nothing changed', async (t) => {
  const visitor = await newcomer(t);
  await visitor.edits('models.py', TUTORIAL_MODELS.replace('title = Column(String, index=True)', 'title = Column(String, index=True'));
  const problems = visitor.page.getByRole('status', { name: 'Problems' });
  await problems.getByRole('button', { name: /^Line \d+/ }).first().waitFor();
  const error = await visitor.fails(REVISION);
  assert.match(error, /python-syntax/);
  assert.match(error, /models\.py, line \d+/);
  assert.equal((await visitor.history()).length, 0);
});

test('a construct that is not understood is named with its line', async (t) => {
  const visitor = await newcomer(t);
  const at = TUTORIAL_MODELS.split('\n').findIndex((line) => line.includes('description')) + 1;
  await visitor.edits('models.py', TUTORIAL_MODELS.replace('Column(String, index=True)\n', 'Column(Colour(3), index=True)\n').replace(/description = .*/, 'description = Column(make_type())'));
  const error = await visitor.fails(REVISION);
  assert.match(error, /models\.py, line \d+/);
  assert.match(error, /Colour|make_type/);
  assert.ok(at > 0);
  assert.equal((await visitor.history()).length, 0);

  await visitor.edits('models.py', TUTORIAL_MODELS);
  await visitor.types(REVISION);
  const script = await visitor.text();
  await visitor.page.getByRole('textbox', { name: /^Text of versions/ }).fill(script.replace("    op.create_table('items',", "    requests.get('https://example.org')\n    op.create_table('items',"));
  const refused = await visitor.fails('alembic upgrade head');
  assert.match(refused, /requests/);
  assert.match(refused, /line \d+/);
  assert.deepEqual(await visitor.tables(), []);
});

test("unknown, malformed and impossible targets: Alembic's message and a hint that types a command", async (t) => {
  const visitor = await newcomer(t);
  assert.match(await visitor.fails('alembic upgrade zzz'), /Can't locate revision identified by 'zzz'/);
  assert.match(await visitor.fails('alembic downgrade -1'), /Relative revision -1 didn't produce 1 migrations/);
  assert.match(await visitor.fails('alembic upgrade'), /the following arguments are required: revision/);
  assert.match(await visitor.fails('alembic nonsense'), /invalid choice: 'nonsense'/);
  assert.match(await visitor.fails('ls'), /ls: command not found/);
  await visitor.types(REVISION);
  assert.match(await visitor.fails(REVISION), /Target database is not up to date\./);
  await visitor.button('Type alembic upgrade head').last().click();
  assert.equal(await visitor.prompt.inputValue(), 'alembic upgrade head');
  await visitor.page.getByRole('button', { name: /^Why\?/ }).last().click();
  const dialog = visitor.page.getByRole('dialog');
  assert.match(await dialog.innerText(), /newest revision/);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  assert.deepEqual(visitor.errors, []);
});

test('a revision whose third statement fails leaves the database as it was and shows the statement', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  await visitor.types('alembic revision -m broken');
  const script = await visitor.text();
  const body = `"""Upgrade schema."""
    op.execute("INSERT INTO items (title) VALUES ('lost')")
    op.add_column('items', sa.Column('extra', sa.Integer()))
    op.execute("INSERT INTO nowhere VALUES (1)")
`;
  await visitor.page.getByRole('textbox', { name: /^Text of versions/ }).fill(script.replace('"""Upgrade schema."""\n    pass\n', body));
  const before = (await visitor.exports()).bytes;
  const error = await visitor.fails('alembic upgrade head');
  assert.match(error, /no such table: nowhere/);
  assert.match(error, /INSERT INTO nowhere VALUES \(1\)/);
  assert.match(error, /line \d+/);
  assert.ok(before.equals((await visitor.exports()).bytes), 'the database file is the same to the byte');
  await visitor.look('SQL');
  const sql = visitor.page.getByRole('region', { name: 'Statements that ran' });
  assert.match(await sql.locator('[data-refused]').last().innerText(), /INSERT INTO nowhere/);
});

test('a script that tries to end the transaction is refused', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types('alembic revision -m escape');
  const script = await visitor.text();
  await visitor.page.getByRole('textbox', { name: /^Text of versions/ }).fill(script.replace('"""Upgrade schema."""\n    pass\n', '"""Upgrade schema."""\n    op.execute("CREATE TABLE a (x); COMMIT")\n'));
  assert.match(await visitor.fails('alembic upgrade head'), /COMMIT/);
  assert.deepEqual(await visitor.tables(), []);
});
