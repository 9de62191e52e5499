// What the cases know of the database that they run on, and how they say that something is wrong. Plain
// JavaScript: it also runs in workerd.

/**
 * @typedef {object} Host
 * @property {import('../../pkg/dist/index.js').Driver} driver Ambix's way to the database, which is empty
 * @property {(sql: string) => Promise<unknown[][]>} rows the application's way: runs one statement
 */

/** Fails unless both are equal as JSON. */
export function equal(actual, expected, what) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, expected ${should}`);
}

/** The error that the work ends in; fails if it ends well. */
export async function rejected(work, what) {
  const failure = await failureOf(work);
  if (!failure) throw new Error(`no error: ${what}`);
  return failure;
}

/** The error that the work ends in, if there is one. */
export async function failureOf(work) {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The application's tables. Those of Ambix, SQLite and Cloudflare do not count. */
export async function tables(host) {
  const rows = await host.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  return rows.flat().filter((name) => !/^(sqlite_|_cf_|_ambix|alembic_version$)/.test(name));
}
