// What a table made anew costs beside the twelve steps that one writes by hand, on sql.js: CPU time, in interleaved
// pairs. `cargo xtask bench rebuild` runs it.
import { createRequire } from 'node:module';
import { alterTable } from '../../pkg/dist/index.js';
import { sqljs } from '../../pkg/dist/drivers/sqljs.js';

const initSqlJs = createRequire(new URL('../../pkg/package.json', import.meta.url))('sql.js');
const SQL = await initSqlJs();

const columns = (last) => `id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b TEXT NOT NULL, c TEXT, d REAL, e INTEGER, f TEXT${last}`;
const INDEXES = 'CREATE INDEX ix_a ON big (a); CREATE INDEX ix_b ON big (b)';

/** The bytes of a database with a table of eight columns and two indexes. */
function filled(rows) {
  const db = new SQL.Database();
  db.exec(`CREATE TABLE big (${columns(', g TEXT')});
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO big SELECT i, i * 7919 % 1000003, 'name-' || i * 104729 % 1000003, 'some text ' || i, i / 2.0, i % 100,
      iif(i % 3, 'x', NULL), 'goes ' || i % 1000 FROM n; ${INDEXES}`);
  const bytes = db.export();
  db.close();
  return bytes;
}

const change = (recreate) => ({ table: 'big', changes: [{ drop_column: { name: 'g' } }], recreate });
const onProgress = () => {};

/** By hand, with foreign keys switched off. */
function twelveSteps(db) {
  db.exec(`PRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE new_big (${columns('')});
    INSERT INTO new_big SELECT id, a, b, c, d, e, f FROM big; DROP TABLE big; ALTER TABLE new_big RENAME TO big;
    ${INDEXES}; COMMIT; PRAGMA foreign_keys = ON`);
}

const native = (db) => db.exec('ALTER TABLE big DROP COLUMN g');
const pairs = [
  ['made anew', twelveSteps, (db) => alterTable(sqljs(db), change('always'), { onProgress }), 1.1],
  ['made anew, guarded', twelveSteps, (db) => alterTable(sqljs(db, { shared: true }), change('always'), { onProgress }), 2.2],
  ["SQLite's own statement", native, (db) => alterTable(sqljs(db), change('auto')), 1.05],
];

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

async function cpu(bytes, work) {
  const db = new SQL.Database(bytes);
  db.exec('PRAGMA foreign_keys = ON');
  const before = process.cpuUsage();
  await work(db);
  const { user, system } = process.cpuUsage(before);
  const [[left, foreignKeys]] = db.exec(
    "SELECT (SELECT count(*) FROM pragma_table_info('big')), foreign_keys FROM pragma_foreign_keys",
  )[0].values;
  if (left !== 7 || foreignKeys !== 1) throw new Error(`${left} columns, foreign keys ${foreignKeys}`);
  db.close();
  return (user + system) / 1000;
}

// So that what is measured is compiled.
const small = filled(100);
for (let round = 0; round < 30; round++) for (const [, floor, ours] of pairs) for (const work of [floor, ours]) await cpu(small, work);

console.log('| rows | | floor CPU ms | CPU ms | × floor | target |');
console.log('|---|---|---|---|---|---|');
for (const [rows, rounds] of [[100_000, 11], [1_000_000, 5]]) {
  const bytes = filled(rows);
  for (const [name, floor, ours, limit] of pairs) {
    const [floors, times, ratios] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      const raw = await cpu(bytes, floor);
      const own = await cpu(bytes, ours);
      floors.push(raw);
      times.push(own);
      ratios.push(own / raw);
    }
    const ratio = median(ratios);
    const met = ratio <= limit;
    if (!met) process.exitCode = 1;
    const cells = [rows.toLocaleString('en'), name, median(floors).toFixed(0), median(times).toFixed(0), ratio.toFixed(3)];
    console.log(`| ${cells.join(' | ')} | ≤ ${limit}: ${met ? 'met' : 'MISSED'} |`);
  }
}
