// Database files, in and out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import initSqlJs from 'sql.js';
import { REVISION, newcomer } from './visitor.mjs';

const SQL = await initSqlJs();

/** The bytes of a database that these statements make. */
function database(...statements) {
  const db = new SQL.Database();
  for (const sql of statements) db.exec(sql);
  const bytes = db.export();
  db.close();
  return bytes;
}

test('an exported database is a SQLite file with everything in it, and comes back by import', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  const file = await visitor.exports();
  assert.match(file.name, /\.sqlite$/);
  const db = new SQL.Database(file.bytes);
  const id = db.exec('SELECT version_num FROM alembic_version')[0].values[0][0];
  assert.match(id, /^[0-9a-f]{12}$/);
  assert.equal(db.exec('PRAGMA integrity_check')[0].values[0][0], 'ok');
  assert.equal(db.exec("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'ix_items_%'")[0].values[0][0], 3);

  await visitor.types('alembic downgrade base');
  assert.deepEqual(await visitor.tables(), []);
  await visitor.imports('back.sqlite', file.bytes);
  await visitor.page.locator('section[aria-label="Table items"]').waitFor();
  assert.deepEqual(await visitor.lines('alembic current'), [`${id} (head)`]);
  assert.deepEqual(visitor.errors, []);
});

test('autogenerate sees what an imported database has', async (t) => {
  const visitor = await newcomer(t);
  await visitor.imports('old.db', database('CREATE TABLE items (id INTEGER NOT NULL, title VARCHAR, PRIMARY KEY (id))', 'CREATE TABLE gone (a TEXT)'));
  await visitor.page.locator('section[aria-label="Table gone"]').waitFor();
  await visitor.types(REVISION);
  const script = await visitor.text();
  assert.match(script, /op\.add_column\('items', sa\.Column\('description', sa\.String\(\), nullable=True\)\)/);
  assert.match(script, /op\.drop_table\('gone'\)/);
  await visitor.types('alembic upgrade head');
  assert.deepEqual(await visitor.tables(), ['items']);
});

test('importing over a database asks first', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  await visitor.imports('other.sqlite', database('CREATE TABLE other (a)'));
  const dialog = visitor.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual(await visitor.tables(), ['items']);
});

test('what is no database, or a damaged one, is refused and the present one kept', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  const damaged = database('CREATE TABLE a (b)', ...Array.from({ length: 40 }, (_, n) => `CREATE TABLE t${n} (a, b, c)`));
  damaged.fill(0x55, 4000, 12000);
  for (const [name, bytes] of [
    ['letter.txt', Buffer.from('Dear database')],
    ['empty.sqlite', Buffer.alloc(0)],
    ['cut.sqlite', database('CREATE TABLE a (b)').slice(0, 50)],
    ['damaged.sqlite', damaged],
  ]) {
    await visitor.imports(name, bytes);
    await visitor.notice(`${name} was not imported`);
    assert.deepEqual(await visitor.tables(), ['items'], name);
  }
  assert.equal((await visitor.lines('alembic current')).length, 1);
});

test('a file in WAL mode is taken with a warning', async (t) => {
  const visitor = await newcomer(t);
  const bytes = database('CREATE TABLE a (b)', 'INSERT INTO a VALUES (1)');
  bytes[18] = 2;
  bytes[19] = 2;
  await visitor.imports('wal.sqlite', bytes);
  const notice = await visitor.notice('-wal');
  assert.match(await notice.innerText(), /not in it/);
  assert.deepEqual(await visitor.tables(), ['a']);
  await visitor.types('alembic revision -m first');
  await visitor.types('alembic upgrade head');
  assert.equal((await visitor.lines('alembic current')).length, 1);
});

test('tables that autogenerate must not touch', async (t) => {
  const visitor = await newcomer(t);
  await visitor.imports('search.sqlite', database('CREATE VIRTUAL TABLE search USING fts4(title)', 'CREATE VIEW v AS SELECT 1'));
  await visitor.page.getByText('Imported search.sqlite').waitFor();
  await visitor.types(REVISION);
  assert.doesNotMatch(await visitor.text(), /drop_table\('search/);
});
