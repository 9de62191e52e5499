/** A Durable Object's own SQLite. */
import { type Driver, StatementError, messageOf, texts } from '../driver.js';

/** The part of a Durable Object's `ctx.storage` that is used. */
export interface DurableObjectStorage {
  sql: { exec(sql: string): { raw(): { toArray(): unknown[][] } } };
  transactionSync<T>(body: () => T): T;
}

/**
 * A driver for the storage of a Durable Object with SQLite: `durableObject(ctx.storage)`. Call it where no other
 * request is served, in `ctx.blockConcurrencyWhile`. Foreign keys are always in force there.
 */
export function durableObject(storage: DurableObjectStorage): Driver {
  const exec = (sql: string) => storage.sql.exec(sql).raw().toArray();
  return {
    query(sql) {
      return texts(exec(sql));
    },
    atomic(statements, ran) {
      storage.transactionSync(() => {
        const before = violations(exec, statements);
        for (const [at, sql] of statements.entries()) {
          try {
            exec(sql);
          } catch (error) {
            throw new StatementError(messageOf(error), at);
          }
          ran?.(at);
        }
        const after = before && violations(exec, statements);
        const added = after && [...after].some(([key, count]) => count > (before.get(key) ?? 0));
        if (added) throw new StatementError('FOREIGN KEY constraint failed', undefined);
      });
    },
    alone(sql) {
      exec(sql);
    },
  };
}

/**
 * How many rows of a table refer to nothing in another, where it can come to that. Elsewhere SQLite refuses them when they are written
 * or at COMMIT; here, COMMIT comes when the event ends, and takes all the writes of the event and the object with
 * it.
 */
function violations(exec: (sql: string) => unknown[][], statements: string[]): Map<string, number> | undefined {
  const isDeferred = (sql: string) => /\bdefer(red|_foreign_keys)\b/i.test(sql);
  const inSchema = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%deferred%' LIMIT 1";
  if (!statements.some(isDeferred) && exec(inSchema).length === 0) return undefined;
  try {
    // Counted: the numbers of foreign keys change with the table, and not every row has a rowid.
    const found = new Map<string, number>();
    for (const [table, , parent] of exec('PRAGMA foreign_key_check')) {
      const key = `${table}\n${parent}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
    return found;
  } catch {
    // A foreign key elsewhere that SQLite cannot make sense of: nobody knows then.
    return undefined;
  }
}
