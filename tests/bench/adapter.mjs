// Ambix for the benchmark of migrators: what the kit calls, on the npm package.
import { Revisions, alterTable, differences } from '../../pkg/dist/index.js';
import { sqljs } from '../../pkg/dist/drivers/sqljs.js';
import { plan as planOf } from '../../pkg/wasm/ambix_wasm.js';

export const name = 'Ambix';

const parents = ({ down }) => (down === null ? [] : [down].flat());
const load = (revisions) =>
  Revisions.load(
    revisions.map((revision) => ({
      id: revision.id,
      down: parents(revision),
      upgrade: revision.upgradeSql,
      downgrade: revision.downgradeSql,
    })),
  );

/** What an app does once: the engine is loaded, the revisions are checked. */
export function prepare(SQL, revisions) {
  return load(revisions);
}

/** Brings db to target. */
export async function applyAll(SQL, db, revisions, target, prepared) {
  const database = (prepared ?? (await load(revisions))).attach(sqljs(db));
  const applied = target === 'base' ? await database.downgrade('base') : await database.upgrade(target);
  return { applied };
}

/** The same when there is nothing to do. */
export async function noop(SQL, db, revisions, target, prepared) {
  const { applied } = await applyAll(SQL, db, revisions, target, prepared);
  if (applied !== 0) throw new Error(`${applied} revisions were applied`);
}

/** The kit's changes of a table in the words of Ambix. */
const CHANGES = {
  add_column: ({ sql }) => ({ add_column: { definition: sql } }),
  drop_column: ({ column }) => ({ drop_column: { name: column } }),
  set_default: ({ column, default: sql }) => ({ set_default: { column, default: sql } }),
  set_not_null: ({ column }) => ({ set_nullable: { column, nullable: false } }),
};

/** Changes one table. */
export async function rebuild(db, table, { op, recreate = 'auto', onProgress, ...change }) {
  const changes = [CHANGES[op](change)];
  await alterTable(sqljs(db), { table, changes, recreate }, { onProgress: onProgress && (({ done, total }) => onProgress(done, total)) });
}

/** What the database has otherwise than the schema, and what brings it there. */
export async function autogenerate(db, targetSchemaSql) {
  const { found, statements } = await differences(sqljs(db), targetSchemaSql);
  return { diffs: found.length, upgradeSql: statements };
}

// plan() is no promise, so the engine must be there before it is called.
await Revisions.load([]);

/** The ids of the revisions that lead to target, in order. Nothing is kept between calls. */
export function plan({ revisions, current, target }) {
  let lines = '';
  for (const { id, down } of revisions) lines += `${id} ${Array.isArray(down) ? down.join(' ') : down ?? ''}\n`;
  const ids = planOf(new TextEncoder().encode(lines), current.join(' '), target, target === 'base');
  return ids === '' ? [] : ids.split('\n');
}
