// Random changes of random schemas on sql.js: the same outcome as on the SQLite of the native program.
// `tests/tests/lossless` records the cases.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { alterTable } from '../../pkg/dist/index.js';
import { sqljs } from '../../pkg/dist/drivers/sqljs.js';

const initSqlJs = createRequire(new URL('../../pkg/package.json', import.meta.url))('sql.js');
const SQL = await initSqlJs();
const lines = readFileSync(new URL('../recorded/lossless.jsonl', import.meta.url), 'utf8').trim().split('\n');
const column = (db, sql) => (db.exec(sql)[0]?.values ?? []).map(([value]) => value);
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

function rowsOf(db) {
  const all = {};
  for (const name of column(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
    const names = column(db, `SELECT name FROM pragma_table_info('${name.replaceAll("'", "''")}')`);
    const typed = names.map((one) => `typeof(${quoted(one)}) || quote(${quoted(one)})`).join(" || ',' || ");
    all[name] = column(db, `SELECT ${typed} FROM ${quoted(name)}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join(';');
  }
  return all;
}

test(`${lines.length} random changes, as on the native SQLite`, async () => {
  for (const line of lines) {
    const { seed, setup, foreign_keys, shared, change, fails, texts, rows } = JSON.parse(line);
    const db = new SQL.Database();
    db.exec('PRAGMA foreign_keys = OFF');
    for (const sql of setup) db.exec(sql);
    db.exec(`PRAGMA foreign_keys = ${foreign_keys ? 'ON' : 'OFF'}`);
    const failure = await alterTable(sqljs(db, { shared }), change).then(() => undefined, (error) => error);
    assert.equal(failure !== undefined, fails, `seed ${seed}: ${failure?.message}`);
    assert.deepEqual(column(db, "SELECT coalesce(sql, '') FROM sqlite_schema ORDER BY type, name"), texts, `seed ${seed}`);
    assert.deepEqual(rowsOf(db), rows, `seed ${seed}`);
    assert.deepEqual(column(db, 'PRAGMA foreign_keys'), [foreign_keys ? 1 : 0]);
    assert.deepEqual(column(db, 'PRAGMA legacy_alter_table'), [0]);
    db.close();
  }
});
