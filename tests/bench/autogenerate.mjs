// What it takes to compare a database with the schema that it should have, on sql.js, beside what SQLite takes to tell
// its own schema: CPU time, in interleaved rounds. `cargo xtask bench autogenerate` runs it.
import { createRequire } from 'node:module';
import { differences } from '../../pkg/dist/index.js';
import { sqljs } from '../../pkg/dist/drivers/sqljs.js';

const initSqlJs = createRequire(new URL('../../pkg/package.json', import.meta.url))('sql.js');
const SQL = await initSqlJs();

const TABLES = 500;
const TYPES = ['TEXT', 'INTEGER', 'VARCHAR(50)', 'FLOAT', 'BOOLEAN', 'DATETIME', 'NUMERIC(10, 2)'];

/** Tables of ten columns with a foreign key, a UNIQUE and an index. Each twentieth is `changed`, in four ways. */
function schema(changed) {
  const statements = [];
  for (let at = 0; at < TABLES; at++) {
    const way = changed && at % 20 === 0 ? (at / 20) % 4 : undefined;
    const columns = TYPES.map((type, nth) => `c${nth} ${type}${nth % 2 || (way === 0 && nth === 2) ? '' : ' NOT NULL'}`);
    if (way === 1) columns.push('added TEXT');
    if (way === 2) columns.pop();
    const parent = at ? `INTEGER REFERENCES t${at - 1} (id)` : 'INTEGER';
    statements.push(
      `CREATE TABLE t${at} (id INTEGER NOT NULL, parent_id ${parent}, name TEXT, ${columns.join(', ')}, PRIMARY KEY (id), CONSTRAINT uq_t${at} UNIQUE (c1, c2))`,
      `CREATE INDEX ix_t${at}_c0 ON t${at} (c0)`,
    );
    if (way === 3) statements.push(`CREATE INDEX ix_t${at}_c1 ON t${at} (c1)`);
  }
  return statements.join(';\n');
}

const same = schema(false);
const changed = schema(true);
const db = new SQL.Database();
db.exec(same);

/** Four queries for all tables together. Who asks table by table takes longer. */
function pragmas() {
  db.exec('SELECT type, name, tbl_name, sql FROM sqlite_schema');
  db.exec("SELECT m.name, x.* FROM sqlite_schema m, pragma_table_xinfo(m.name) x WHERE m.type = 'table'");
  db.exec("SELECT m.name, l.*, x.* FROM sqlite_schema m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) x WHERE m.type = 'table'");
  db.exec("SELECT m.name, f.* FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'");
}

const compare = (script, wanted) => async () => {
  const { found } = await differences(sqljs(db), script);
  if (found.length !== wanted) throw new Error(`${found.length} differences, not ${wanted}: ${found.slice(0, 5).join('; ')}`);
};
const variants = [
  ['four queries of pragmas (the floor)', pragmas],
  ['in sync', compare(same, 0), 25],
  ['5 % changed', compare(changed, TABLES / 20), 40],
];

async function cpu(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const times = variants.map(() => []);
for (let round = 0; round < 36; round++) {
  for (const [at, [, work]] of variants.entries()) {
    const time = await cpu(work);
    // So that what is measured is compiled.
    if (round >= 5) times[at].push(time);
  }
}
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const floor = median(times[0]);
console.log(`${TABLES} tables of ten columns, reflection included\n`);
console.log('| | CPU ms | × floor | target |');
console.log('|---|---|---|---|');
for (const [at, [name, , limit]] of variants.entries()) {
  const time = median(times[at]);
  const met = limit === undefined || time < limit;
  if (!met) process.exitCode = 1;
  const target = limit === undefined ? '' : `< ${limit} ms: ${met ? 'met' : 'MISSED'}`;
  console.log(`| ${name} | ${time.toFixed(1)} | ${(time / floor).toFixed(2)} | ${target} |`);
}
