// The npm package on the real sql.js: open, upgrade, downgrade, current.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import initSqlJs from 'sql.js';
import { AmbixError, Revisions, differences, open } from '../dist/index.js';
import { sqljs } from '../dist/drivers/sqljs.js';

const SQL = await initSqlJs();
const revisions = [
  {
    id: '1975ea83b712',
    down: [],
    message: 'create account table',
    upgrade: ['CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT)', "INSERT INTO account VALUES (1, 'a;b')"],
    downgrade: ['DROP TABLE account'],
  },
  {
    id: 'ae1027a6acf0',
    down: ['1975ea83b712'],
    upgrade: ['ALTER TABLE account ADD COLUMN email TEXT -- the address'],
    downgrade: ['ALTER TABLE account DROP COLUMN email'],
  },
];
const columns = (db) => db.exec("SELECT name FROM pragma_table_info('account')")[0]?.values.flat() ?? [];

test('open brings an empty database to head, and again does nothing', async () => {
  const db = new SQL.Database();
  const seen = [];
  const database = await open(sqljs(db), revisions, { onProgress: (event) => seen.push(event) });
  assert.deepEqual(columns(db), ['id', 'name', 'email']);
  assert.deepEqual(await database.current(), ['ae1027a6acf0']);
  assert.deepEqual(
    seen.map((event) => `${event.revision} ${event.kind} ${event.finished}`),
    ['1975ea83b712 begun false', '1975ea83b712 finished true', 'ae1027a6acf0 begun false', 'ae1027a6acf0 finished true'],
  );
  assert.equal(await database.upgrade(), 0);
});

test('down one, down to base, and up to an id by its beginning', async () => {
  const db = new SQL.Database();
  const database = await open(sqljs(db), revisions);
  assert.equal(await database.downgrade('-1'), 1);
  assert.deepEqual(columns(db), ['id', 'name']);
  assert.equal(await database.downgrade('base'), 1);
  assert.deepEqual(await database.current(), []);
  assert.deepEqual(columns(db), []);
  assert.equal(await database.upgrade('1975'), 1);
  assert.deepEqual(await database.current(), ['1975ea83b712']);
});

test('a revision that fails leaves nothing behind and names its statement', async () => {
  const db = new SQL.Database();
  const broken = [revisions[0], { ...revisions[1], upgrade: ['CREATE TABLE b (x)', 'INSERT INTO nope VALUES (1)'] }];
  await assert.rejects(open(sqljs(db), broken), (error) => {
    assert.ok(error instanceof AmbixError);
    assert.equal(error.code, 'statement-failed');
    assert.match(error.message, /no such table: nope/);
    assert.equal(error.statement, 'INSERT INTO nope VALUES (1)');
    return true;
  });
  assert.equal(db.exec("SELECT * FROM sqlite_schema WHERE name = 'b'").length, 0);
  const database = await open(sqljs(db), revisions);
  assert.deepEqual(await database.current(), ['ae1027a6acf0']);
});

test('unknown targets, edited revisions and bad graphs are errors with a code', async () => {
  const db = new SQL.Database();
  const database = await open(sqljs(db), revisions);
  await assert.rejects(database.upgrade('zzz'), { message: "Can't locate revision identified by 'zzz'", code: 'unknown-revision' });
  const edited = [{ ...revisions[0], upgrade: ['CREATE TABLE account (id TEXT)'] }, revisions[1]];
  await assert.rejects(open(sqljs(db), edited), { code: 'edited-revision' });
  await assert.rejects(open(sqljs(db), [revisions[1]]), { code: 'missing-parent' });
  await assert.rejects(Revisions.load([{ id: 'a-b', down: [], upgrade: [], downgrade: [] }]), { code: 'illegal-revision-id' });
  await assert.rejects(Revisions.load([{ nonsense: true }]), Error);
});

test('one set of revisions serves many databases', async () => {
  const loaded = await Revisions.load(revisions);
  for (let n = 0; n < 20; n++) {
    const db = new SQL.Database();
    const database = loaded.attach(sqljs(db));
    assert.deepEqual(await database.current(), []);
    assert.equal(await database.upgrade('head'), 2);
  }
});

test('differences from a schema that is written down, and the way there', async () => {
  const wanted = `
    CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE book (id INTEGER PRIMARY KEY, author REFERENCES author, title VARCHAR(80) NOT NULL DEFAULT '');
    CREATE INDEX ix_book_title ON book (title);
    CREATE TABLE untouched (a, b);
    CREATE VIEW titles AS SELECT title FROM book;`;
  const db = new SQL.Database();
  db.exec(`PRAGMA foreign_keys = ON;
    CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE book (id INTEGER PRIMARY KEY, author REFERENCES author (id), title TEXT, isbn TEXT);
    CREATE TABLE untouched (a, b);
    INSERT INTO author VALUES (1, 'Ada'); INSERT INTO book VALUES (1, 1, 'Notes', NULL)`);
  const { found, statements, warnings } = await differences(sqljs(db), wanted);
  assert.deepEqual(warnings, []);
  assert.deepEqual(found.toSorted(), [
    "Detected NOT NULL on column 'author.name'",
    "Detected NOT NULL on column 'book.title'",
    "Detected added index 'ix_book_title' on '('title',)'",
    "Detected added view 'titles'",
    "Detected changed server default on column 'book.title'",
    "Detected removed column 'book.isbn'",
    "Detected type change from TEXT() to VARCHAR(length=80) on 'book.title'",
  ]);
  assert.equal(db.exec('SELECT isbn FROM book').length, 1, 'nothing has run');
  sqljs(db).atomic(statements);
  assert.deepEqual((await differences(sqljs(db), wanted)).found, []);
  assert.deepEqual(db.exec('SELECT * FROM author, book')[0].values, [[1, 'Ada', 1, 1, 'Notes']]);
  assert.deepEqual(db.exec('PRAGMA foreign_keys')[0].values, [[1]]);
});
