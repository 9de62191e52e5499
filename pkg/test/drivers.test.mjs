// What a driver does beyond the revisions of runner.test.mjs: foreign keys out of the way, and a word in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import initSqlJs from 'sql.js';
import { StatementError } from '../dist/index.js';
import { sqljs } from '../dist/drivers/sqljs.js';
import { pump } from '../dist/engine.js';

const SQL = await initSqlJs();
const rows = (db, sql) => db.exec(sql)[0]?.values ?? [];
const SWITCHES = 'SELECT foreign_keys, legacy_alter_table FROM pragma_foreign_keys, pragma_legacy_alter_table';

/** A parent with a child that would go with it. */
function family(foreignKeys, legacyAlterTable) {
  const db = new SQL.Database();
  db.exec(`PRAGMA foreign_keys = ${foreignKeys}; PRAGMA legacy_alter_table = ${legacyAlterTable};
    CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p ON DELETE CASCADE); CREATE TABLE seen (a, b);
    INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)`);
  return db;
}

const REMAKE = ['DELETE FROM seen', `INSERT INTO seen ${SWITCHES}`, 'CREATE TABLE n (id INTEGER PRIMARY KEY, x)', 'INSERT INTO n SELECT id, 0 FROM p', 'DROP TABLE p', 'ALTER TABLE n RENAME TO p -- done'];

test('a rebuild sees no foreign keys, loses no child, and leaves the connection as it was', () => {
  for (const before of [[1, 0], [0, 0], [1, 1]]) {
    const db = family(...before);
    const ran = [];
    sqljs(db).rebuild(REMAKE);
    assert.deepEqual(rows(db, 'SELECT * FROM seen'), [[0, 0]]);
    assert.deepEqual(rows(db, 'SELECT * FROM c'), [[1]]);
    assert.deepEqual(rows(db, SWITCHES), [before]);
    sqljs(db).rebuild(REMAKE, (at) => ran.push(at));
    assert.deepEqual(ran, [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(rows(db, SWITCHES), [before]);
  }
});

test('a rebuild that fails changes nothing, names its statement, and leaves the connection as it was', () => {
  for (const ran of [undefined, () => {}]) {
    const db = family(1, 0);
    // The view would stop the renaming, were legacy_alter_table not switched again when the statement is looked for.
    db.exec('CREATE VIEW v AS SELECT id FROM p');
    const broken = ['PRAGMA legacy_alter_table = ON', ...REMAKE, 'DROP TABLE nowhere'];
    assert.throws(() => sqljs(db).rebuild(broken, ran), (error) => error instanceof StatementError && error.statement === 7);
    const endsIt = ['DELETE FROM c', 'INSERT OR ROLLBACK INTO p VALUES (1)'];
    assert.throws(() => sqljs(db).rebuild(endsIt, ran), (error) => error.statement === 1);
    assert.deepEqual(rows(db, 'SELECT * FROM c'), [[1]]);
    assert.deepEqual(rows(db, SWITCHES), [[1, 0]]);
  }
});

test('foreign keys that cannot be switched off are an error before anything runs', () => {
  const db = family(1, 0);
  db.exec('BEGIN');
  assert.throws(() => sqljs(db).rebuild(REMAKE), /foreign keys could not be switched off/);
  db.exec('COMMIT');
  assert.deepEqual(rows(db, SWITCHES), [[1, 0]]);
  assert.deepEqual(rows(db, 'SELECT * FROM seen'), []);
});

test('an application that shares the database keeps its foreign keys', () => {
  assert.equal(sqljs(new SQL.Database(), { shared: true }).rebuild, undefined);
});

test('one statement at a time where somebody listens, and the same outcome', () => {
  for (const ran of [undefined, () => {}]) {
    const db = family(1, 0);
    const driver = sqljs(db);
    driver.atomic(['INSERT INTO p VALUES (2)', 'INSERT INTO c VALUES (2) -- two'], ran);
    assert.throws(() => driver.atomic(['DELETE FROM p', 'INSERT INTO c VALUES (3)'], ran), (error) => error.statement === 1);
    assert.deepEqual(rows(db, 'SELECT p FROM c'), [[1], [2]]);
    db.exec('CREATE TABLE late (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)');
    // What is deferred is refused at the end of a list, which of one statement is that statement.
    assert.throws(() => driver.atomic(['INSERT INTO late VALUES (7)', 'SELECT 1'], ran), (error) => error.statement === undefined);
    assert.throws(() => driver.atomic(['INSERT INTO late VALUES (7)'], ran), (error) => error.statement === 0);
    assert.deepEqual(rows(db, 'SELECT p FROM late'), []);
  }
});

test('whoever listens hears of each copy when its statement has run', async () => {
  const statements = ['CREATE TABLE n (x)', 'INSERT INTO n VALUES (1)', 'INSERT INTO n VALUES (2)', 'SELECT 1'];
  const copy = (statement, done) => ({ statement, table: 't', done, total: 20 });
  for (const kind of ['atomic', 'rebuild']) {
    const turns = [{ kind, statements, copies: [copy(1, 10), copy(2, 20)] }, { kind: 'done', applied: 1, current: [] }];
    const answers = [];
    const run = { next: (answer) => (answers.push(answer), turns.shift()), events: () => [], free() {} };
    const db = new SQL.Database();
    const seen = [];
    const onCopy = ({ done, total }) => seen.push([done, total, rows(db, 'SELECT count(*) FROM n')[0][0]]);
    assert.deepEqual(await pump(run, sqljs(db), { onCopy }), { applied: 1, current: [] });
    assert.deepEqual(seen, [[10, 20, 1], [20, 20, 2]]);
    assert.deepEqual(answers, [undefined, { kind: 'done' }]);
  }
});
