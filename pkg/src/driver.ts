/** A value, or a promise of it. */
export type Maybe<T> = T | Promise<T>;

/** What Ambix needs of a database. A failure is a thrown error. */
export interface Driver {
  /** Reads with one SELECT, outside of any transaction. Every value is a text or null. */
  query(sql: string): Maybe<(string | null)[][]>;
  /** Runs all of it in order in one transaction, or nothing of it. */
  atomic(statements: string[], ran?: Ran): Maybe<void>;
  /**
   * The same while foreign keys are switched off. They and legacy_alter_table are switched off before the
   * transaction, and that is read back; the list itself switches legacy_alter_table. Whatever happens, both are as
   * they were afterwards.
   *
   * Only for a connection that is Ambix's own for that long. A driver that cannot switch them, or whose
   * connection an application uses at the same time, leaves it out: tables are then rebuilt with foreign keys
   * in force, which takes longer and loses nothing either.
   */
  rebuild?(statements: string[], ran?: Ran): Maybe<void>;
  /** Runs one statement outside of any transaction. */
  alone(sql: string): Maybe<void>;
}

/**
 * Called with the place of each statement (counted from 0) when it has run, if the driver can tell. It is given
 * only where somebody wants to know how far a long list is. Nothing is committed then.
 */
export type Ran = (statement: number) => void;

/** What a driver throws when it knows which statement of a list was refused. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  /** @param statement the statement's place in the list, counted from 0 */
  constructor(message: string, readonly statement: number | undefined) {
    super(message);
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Rows in the form in which the engine takes them. */
export function texts(rows: Iterable<readonly unknown[]>): (string | null)[][] {
  return Array.from(rows, (row) => row.map((value) => (value === null ? null : String(value))));
}
