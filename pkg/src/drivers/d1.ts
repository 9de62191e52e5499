/** D1: SQLite behind a Worker's binding. */
import { type Driver, StatementError, messageOf, texts } from '../driver.js';

/** The part of a D1 binding that is used. */
export interface D1Binding {
  prepare(sql: string): D1Statement;
  batch(statements: D1Statement[]): Promise<unknown>;
}

/** The part of a statement of D1 that is used. */
export interface D1Statement {
  raw(): Promise<unknown[][]>;
  run(): Promise<unknown>;
}

/**
 * A driver for a D1 database: `d1(env.DB)`. Foreign keys are always in force there, and a list of statements is
 * a batch.
 */
export function d1(database: D1Binding): Driver {
  const batch = (statements: string[]) => database.batch(statements.map((sql) => database.prepare(sql)));
  return {
    async query(sql) {
      return texts(await database.prepare(sql).raw());
    },
    async atomic(statements) {
      try {
        await batch(statements);
      } catch (error) {
        throw new StatementError(messageOf(error), await refused(batch, statements));
      }
    },
    async alone(sql) {
      await database.prepare(sql).run();
    },
  };
}

/** Ends a batch that is to change nothing: a path that is none is an error which names itself. */
const PROBE = 'ambix:probe';
const END = `SELECT json_extract('{}', '${PROBE}')`;

/**
 * Finds the statement that is refused, which D1's error does not name: the last one of the shortest beginning of
 * the list that does not get to its end. Each try is a batch that is undone.
 */
async function refused(batch: (statements: string[]) => Promise<unknown>, statements: string[]): Promise<number | undefined> {
  const getsThrough = async (length: number): Promise<boolean> => {
    try {
      await batch([...statements.slice(0, length), END]);
    } catch (error) {
      return messageOf(error).includes(PROBE);
    }
    throw new Error('a batch that cannot succeed did');
  };
  // The first `runs` statements run, and not all of the first `fails` do.
  let [runs, fails] = [0, statements.length];
  try {
    if (await getsThrough(fails)) return undefined;
    while (fails - runs > 1) {
      const middle = Math.floor((runs + fails) / 2);
      if (await getsThrough(middle)) runs = middle;
      else fails = middle;
    }
  } catch {
    return undefined;
  }
  return runs;
}
