/** sql.js: SQLite in memory, in a page or in Node. */
import { type Driver, type Ran, StatementError, messageOf, texts } from '../driver.js';

/** The part of sql.js's Database that is used. */
export interface SqlJsDatabase {
  exec(sql: string): { values: unknown[][] }[];
}

/** What a driver for sql.js is told about its database. */
export interface SqlJsOptions {
  /**
   * Whether an application uses the same database while Ambix works on it, so that foreign keys have to stay
   * as they are at every moment. Default: false.
   */
  shared?: boolean;
}

/** A driver for an open sql.js database. The database stays open and is never replaced. */
export function sqljs(database: SqlJsDatabase, options: SqlJsOptions = {}): Driver {
  const driver: Driver = {
    query(sql) {
      const [result] = database.exec(sql);
      return texts(result?.values ?? []);
    },
    atomic(statements, ran) {
      atomic(database, statements, ran);
    },
    alone(sql) {
      database.exec(sql);
    },
  };
  if (!options.shared) driver.rebuild = (statements, ran) => rebuild(database, statements, ran);
  return driver;
}

/** `again` brings the connection to where it was before a list that is to be run once more. */
function atomic(database: SqlJsDatabase, statements: string[], ran?: Ran, again?: () => void): void {
  const [only] = statements;
  if (only !== undefined && statements.length === 1) return alone(database, only, ran);
  database.exec('BEGIN IMMEDIATE');
  if (ran) return oneByOne(database, statements, ran);
  try {
    // In one call: sql.js's own cost per call is higher than that of a small statement.
    let together = '';
    for (const sql of statements) {
      if (mayEndInComment(sql)) {
        database.exec(`${together}${sql}`);
        together = '';
      } else {
        // Right behind it: what stands before the semicolon becomes a part of the text that SQLite stores.
        together += `${sql};\n`;
      }
    }
    database.exec(`${together}COMMIT`);
  } catch (error) {
    rollBack(database);
    again?.();
    throw new StatementError(messageOf(error), refused(database, statements));
  }
}

/**
 * One statement is all or nothing by itself. In a transaction that was begun for it, SQLite would keep each page
 * that it changes a second time.
 */
function alone(database: SqlJsDatabase, sql: string, ran?: Ran): void {
  try {
    database.exec(sql);
  } catch (error) {
    throw new StatementError(messageOf(error), 0);
  }
  ran?.(0);
}

/** Whether a semicolon behind it could be swallowed. */
function mayEndInComment(sql: string): boolean {
  return sql.slice(sql.lastIndexOf('\n') + 1).includes('--');
}

/** Runs the statements of an open transaction and commits it. */
function oneByOne(database: SqlJsDatabase, statements: string[], ran: Ran): void {
  let at: number | undefined = 0;
  try {
    for (const sql of statements) {
      database.exec(sql);
      ran(at++);
    }
    at = undefined;
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw new StatementError(messageOf(error), at);
  }
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

/** `PRAGMA foreign_keys` and `PRAGMA legacy_alter_table`. */
type Switches = readonly [foreignKeys: boolean, legacyAlterTable: boolean];

const FOR_A_REBUILD: Switches = [false, false];

function rebuild(database: SqlJsDatabase, statements: string[], ran?: Ran): void {
  const before = switches(database);
  let failure: StatementError | undefined;
  try {
    const forIt = () => switchTo(database, FOR_A_REBUILD);
    forIt();
    atomic(database, statements, ran, forIt);
  } catch (error) {
    failure = error instanceof StatementError ? error : new StatementError(messageOf(error), undefined);
  }
  try {
    switchTo(database, before);
  } catch (error) {
    const first = failure ? `${failure.message}; and` : 'the list was committed, but';
    throw new StatementError(`${first} ${messageOf(error)}`, failure?.statement);
  }
  if (failure) throw failure;
}

function switches(database: SqlJsDatabase): Switches {
  const [foreignKeys, legacyAlterTable] = database.exec('PRAGMA foreign_keys; PRAGMA legacy_alter_table');
  return [isOn(foreignKeys), isOn(legacyAlterTable)];
}

function isOn(result: { values: unknown[][] } | undefined): boolean {
  return result?.values[0]?.[0] === 1;
}

/** Sets both and reads them back: within a transaction SQLite would do nothing and say nothing. */
function switchTo(database: SqlJsDatabase, [foreignKeys, legacyAlterTable]: Switches): void {
  const word = (on: boolean) => (on ? 'ON' : 'OFF');
  database.exec(`PRAGMA foreign_keys = ${word(foreignKeys)}; PRAGMA legacy_alter_table = ${word(legacyAlterTable)}`);
  const now = switches(database);
  if (now[0] !== foreignKeys || now[1] !== legacyAlterTable) {
    throw new Error(`foreign keys could not be switched ${foreignKeys ? 'on' : 'off'}`);
  }
}
