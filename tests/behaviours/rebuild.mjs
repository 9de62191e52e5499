// Whether a table that is made anew keeps what it had: by what it then does, not by its text.
import { alterTable } from '../../pkg/dist/index.js';
import { equal, failureOf, tables } from './host.mjs';

/**
 * Runs a case of `recorded/rebuild_cases.json`: `setup`, the change of table `t` (a new column where none is
 * named), and `check`, statements that have to give these rows or to fail. Fails with an error that says all that
 * is wrong.
 */
export async function rebuild(host, { setup, change, fails = false, check }) {
  for (const sql of setup) await host.rows(sql);
  const before = await tables(host);
  const [[count]] = await host.rows('SELECT count(*) FROM t');

  const failure = await failureOf(() => alterTable(host.driver, changeOf(change), {}));
  if (failure && !fails) throw failure;

  const wrong = [];
  const look = async (work) => {
    const failure = await failureOf(work);
    if (failure) wrong.push(failure.message);
  };
  if (!failure && fails) wrong.push('no error');
  await look(async () => equal(await host.rows('SELECT count(*) FROM t'), [[count]], 'rows'));
  await look(async () => equal(await tables(host), before, 'tables'));
  if (!change) await look(async () => equal(await host.rows("SELECT name FROM pragma_table_info('t') WHERE name = 'zz'"), [['zz']], 'the new column'));
  await look(async () => equal(await host.rows('PRAGMA foreign_keys'), [[1]], 'foreign_keys'));
  await look(async () => equal(await host.rows('PRAGMA legacy_alter_table'), [[0]], 'legacy_alter_table'));
  for (const { sql, is, fails: isRefused = false } of check) {
    let rows;
    const failure = await failureOf(async () => (rows = await host.rows(sql)));
    if (Boolean(failure) !== isRefused) wrong.push(failure ? `${sql}: ${failure.message}` : `no longer refused: ${sql}`);
    if (is) await look(async () => equal(rows, is, sql));
  }
  if (wrong.length > 0) throw new Error(wrong.join('; '));
}

/** The change in the words of Ambix; every table is made anew, whatever SQLite could do without. */
function changeOf({ op, column, ...change } = { op: 'add_column', sql: 'zz TEXT' }) {
  const changes = {
    add_column: () => ({ add_column: { definition: change.sql } }),
    set_default: () => ({ set_default: { column, default: change.default } }),
    set_not_null: () => ({ set_nullable: { column, nullable: false } }),
  };
  return { table: 't', changes: [changes[op]()], recreate: 'always' };
}
