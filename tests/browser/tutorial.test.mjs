// The tutorial, by typing and by clicking.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { REVISION, TUTORIAL_MODELS, newcomer } from './visitor.mjs';

const recorded = JSON.parse(await readFile(new URL('../recorded/answers.json', import.meta.url), 'utf8')).tutorial;

/** Alembic's recorded text with this id in place of the one that it drew. */
const with_id = (text, id) => text.replaceAll(recorded.ids[0], id);

test('the tutorial, word for word', async (t) => {
  const visitor = await newcomer(t);
  await visitor.edits('models.py', TUTORIAL_MODELS);
  assert.match((await visitor.lines(REVISION))[0], /^Generating \/project\/versions\/[0-9a-f]{12}_add_item_model\.py \.\.\. {2}done$/);
  const script = await visitor.text();
  const [, id] = script.match(/^revision: str = '([0-9a-f]{12})'$/m);
  const undated = script.replace(/^(Create Date: ).*$/m, '$1{date}');
  assert.equal(undated, with_id(recorded.answers[1].script.text, id));

  const log = (await visitor.types('alembic upgrade head')).map((entry) => entry.text);
  assert.ok(log.includes(`INFO  [alembic.runtime.migration] Running upgrade  -> ${id}, Add Item model`), log.join('\n'));
  assert.deepEqual(await visitor.tables(), ['items']);
  assert.deepEqual(await visitor.lines('alembic current'), [`${id} (head)`]);
  await visitor.types('alembic downgrade -1');
  assert.deepEqual(await visitor.tables(), []);
  assert.deepEqual(await visitor.lines('alembic current'), []);
  await visitor.types('alembic upgrade head');
  await visitor.types('alembic downgrade base');
  await visitor.types(`alembic upgrade ${id}`);
  assert.deepEqual(await visitor.tables(), ['items']);
  assert.deepEqual(await visitor.lines('alembic history'), [`<base> -> ${id} (head), Add Item model`]);
  assert.deepEqual(await visitor.lines('alembic heads'), [`${id} (head)`]);
  assert.deepEqual(await visitor.lines('ambix heads'), [`${id} (head)`]);
  assert.deepEqual(visitor.errors, []);
});

test('the first visit proposes each next command, and Enter is enough', async (t) => {
  const visitor = await newcomer(t);
  assert.equal(await visitor.text(), TUTORIAL_MODELS);
  assert.equal(await visitor.prompt.getAttribute('placeholder'), REVISION);
  await visitor.prompt.press('Enter');
  await visitor.answer(REVISION);
  assert.equal(await visitor.prompt.getAttribute('placeholder'), 'alembic upgrade head');
  await visitor.prompt.press('Enter');
  await visitor.answer('alembic upgrade head');
  assert.deepEqual(await visitor.tables(), ['items']);
});

test('a revision shows what changed, and writes the other name that somebody chooses', async (t) => {
  const visitor = await newcomer(t);
  await visitor.button('New revision…').click();
  const changed = visitor.page.getByRole('region', { name: 'What changed' });
  assert.match(await changed.innerText(), /\+\s*added table 'items'/);
  await visitor.button('Create revision').click();
  await visitor.answer('Add Item model');
  await visitor.button('Upgrade to head').click();
  await visitor.answer('alembic upgrade head');
  await visitor.edits('models.py', TUTORIAL_MODELS.replace('description', 'remark'));
  await visitor.button('New revision…').click();
  assert.match(await changed.innerText(), /removed column 'items.description'/);
  await visitor.page.getByRole('checkbox', { name: /items.description → items.remark/ }).check();
  await visitor.page.getByRole('textbox', { name: 'Message' }).fill('Another name');
  await visitor.button('Create revision').click();
  await visitor.answer('--rename items.description:items.remark');
  await visitor.button('Upgrade to head').click();
  await visitor.answer('alembic upgrade head');
  const said = await visitor.types('alembic check');
  assert.ok(said.some(({ text }) => text === 'No new upgrade operations detected.'));
});

test('the dialog shows both sides, and asks which value the rows get', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types('alembic revision --autogenerate -m "Add Item model"');
  await visitor.revises('aa01', { upgrade: `op.execute("INSERT INTO items (title) VALUES ('Notes')")` });
  await visitor.types('alembic upgrade head');
  const kind = '    kind = Column(String(20), nullable=False)\n';
  await visitor.edits('models.py', TUTORIAL_MODELS.replace('"items"', '"things"') + kind);
  await visitor.button('New revision…').click();
  await visitor.page.getByRole('checkbox', { name: /items → things/ }).check();
  const changed = visitor.page.getByRole('region', { name: 'What changed' });
  assert.match(await changed.innerText(), /renamed items → things/);
  await changed.getByText('Side by side').click();
  const rows = await changed.getByRole('row').allInnerTexts();
  const parts = rows.map((row) => row.split('\t').map((cell) => cell.trim()));
  assert.deepEqual(parts[0], ['Database', 'models.py']);
  assert.ok(parts.some(([left, right]) => left === '' && right === 'kind VARCHAR(20) NOT NULL'), rows.join('\n'));
  assert.ok(parts.some(([left, right]) => left === 'title VARCHAR' && right === left), rows.join('\n'));
  await changed.getByRole('textbox', { name: 'things.kind' }).fill("'book'");
  await visitor.page.getByRole('textbox', { name: 'Message' }).fill('Kinds');
  await visitor.button('Create revision').click();
  await visitor.answer('--rename items:things --fill');
  await visitor.button('Upgrade to head').click();
  await visitor.answer('alembic upgrade head');
  assert.deepEqual(await visitor.tables(), ['things']);
  const said = await visitor.types('alembic check');
  assert.ok(said.some(({ text }) => text === 'No new upgrade operations detected.'), JSON.stringify(said));
  await visitor.types('alembic downgrade -1');
  assert.deepEqual(await visitor.tables(), ['items']);
  assert.deepEqual(visitor.errors, []);
});

test('the same by buttons, and to any revision of the picture', async (t) => {
  const visitor = await newcomer(t);
  const make = async (message) => {
    await visitor.button('New revision…').click();
    await visitor.page.getByRole('textbox', { name: 'Message' }).fill(message);
    await visitor.button('Create revision').click();
    await visitor.answer(message);
  };
  await make('Add Item model');
  await visitor.button('Upgrade to head').click();
  await visitor.answer('alembic upgrade head');
  assert.deepEqual(await visitor.tables(), ['items']);

  await visitor.edits('models.py', TUTORIAL_MODELS.replace('description', 'price'));
  await make('Prices');
  assert.equal((await visitor.history()).length, 3);
  await visitor.button('Up one').click();
  await visitor.answer('alembic upgrade +1');
  let [newest, oldest, base] = await visitor.history();
  assert.match(newest, /Prices.*current/);
  await visitor.button('Down one').click();
  await visitor.answer('alembic downgrade -1');
  [newest, oldest, base] = await visitor.history();
  assert.match(newest, /Prices.*pending/);
  assert.match(oldest, /Add Item model.*current/);
  await visitor.button('Down to base').click();
  await visitor.answer('alembic downgrade base');
  [newest, oldest, base] = await visitor.history();
  assert.match(base, /^base.*current/);

  await visitor.page.getByRole('treeitem', { name: /Prices/ }).click();
  await visitor.button('Upgrade to this revision').click();
  await visitor.answer('alembic upgrade');
  assert.match((await visitor.history())[0], /current/);
  await visitor.page.getByRole('treeitem', { name: /Add Item model/ }).click();
  await visitor.button('Downgrade to this revision').click();
  await visitor.answer('alembic downgrade');
  assert.match((await visitor.history())[1], /current/);
  await visitor.button('Open script').click();
  assert.match(await visitor.text(), /^"""Add Item model/);
  assert.deepEqual(visitor.errors, []);
});

test('a script can be edited before it is applied; the panes show schema, rows and statements', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  const script = await visitor.text();
  const insert = `    op.execute("INSERT INTO items (title) VALUES ('<b>bold</b>'), (NULL)")\n`;
  const edited = script.replace("    # ### end Alembic commands ###\n\n\ndef downgrade", `${insert}    # ### end Alembic commands ###\n\n\ndef downgrade`);
  assert.notEqual(edited, script);
  await visitor.page.getByRole('textbox', { name: /^Text of versions/ }).fill(edited);
  await visitor.types('alembic upgrade head');

  await visitor.look('Schema');
  const table = await visitor.page.locator('section[aria-label="Table items"]').innerText();
  for (const word of ['id', 'INTEGER', 'title', 'VARCHAR', 'ix_items_title']) assert.ok(table.includes(word), `${word} in ${table}`);

  await visitor.look('Data');
  const data = visitor.page.getByRole('region', { name: 'Rows of the database' });
  assert.match(await data.innerText(), /<b>bold<\/b>/);
  assert.equal(await data.locator('b').count(), 0, 'text from the database is not HTML');
  assert.match(await data.innerText(), /NULL/);

  await visitor.look('SQL');
  const statements = visitor.page.getByRole('region', { name: 'Statements that ran' });
  const sql = await statements.innerText();
  assert.match(sql, /CREATE TABLE items/);
  assert.match(sql, /create_table · line \d+/);
  assert.match(sql, /INSERT INTO alembic_version/);
  await statements.getByRole('button', { name: /execute · line \d+/ }).first().click();
  assert.match(await visitor.text(), /op\.execute/);
  assert.deepEqual(visitor.errors, []);
});
