/** sql.js: SQLite in memory, in a page or in Node. */
import { type Driver, StatementError } from '../driver.js';

/** The part of sql.js's Database that is used. */
export interface SqlJsDatabase {
  exec(sql: string): { values: unknown[][] }[];
}

/** A driver for an open sql.js database. The database stays open and is never replaced. */
export function sqljs(database: SqlJsDatabase): Driver {
  return {
    query(sql) {
      const [result] = database.exec(sql);
      return (result?.values ?? []).map((row) => row.map((value) => (value === null ? null : String(value))));
    },
    atomic(statements) {
      database.exec('BEGIN IMMEDIATE');
      try {
        // In one call: sql.js's own cost per call is higher than that of a small statement. The line
        // break ends a comment that a statement may end in.
        database.exec(`${statements.join('\n;\n')}\n;COMMIT`);
      } catch (error) {
        rollBack(database);
        throw new StatementError(messageOf(error), refused(database, statements));
      }
    },
    alone(sql) {
      database.exec(sql);
    },
  };
}

/** After an error the transaction may be open or not: some errors end it. */
function rollBack(database: SqlJsDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // There was none.
  }
}

/** Finds the statement that is refused by running them one at a time, in a transaction that is undone. */
function refused(database: SqlJsDatabase, statements: string[]): number | undefined {
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const [at, sql] of statements.entries()) {
      try {
        database.exec(sql);
      } catch {
        return at;
      }
    }
    return undefined;
  } finally {
    rollBack(database);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
