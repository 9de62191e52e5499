// The cases that every host has to pass (tests/edge/ has the others), on sql.js.
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import initSqlJs from 'sql.js';
import { sqljs } from '../../pkg/dist/drivers/sqljs.js';
import { rebuild } from '../behaviours/rebuild.mjs';
import { cases } from '../behaviours/revisions.mjs';

const SQL = await initSqlJs();
const rebuilds = JSON.parse(await readFile(new URL('../recorded/rebuild_cases.json', import.meta.url), 'utf8'));

for (const shared of [false, true]) {
  const host = () => {
    const db = new SQL.Database();
    db.exec('PRAGMA foreign_keys = ON');
    return { driver: sqljs(db, { shared }), rows: async (sql) => db.exec(sql)[0]?.values ?? [] };
  };
  describe(shared ? 'sql.js, shared with an application' : 'sql.js', () => {
    for (const [name, run] of Object.entries(cases)) test(name, () => run(host()));
    for (const one of rebuilds) test(`rebuild: ${one.name}`, () => rebuild(host(), one));
  });
}
