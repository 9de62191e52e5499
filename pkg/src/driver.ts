/** A value, or a promise of it. */
export type Maybe<T> = T | Promise<T>;

/** What Ambix needs of a database. A failure is a thrown error. */
export interface Driver {
  /** Reads with one SELECT, outside of any transaction. Every value is a text or null. */
  query(sql: string): Maybe<(string | null)[][]>;
  /** Runs all of it in order in one transaction, or nothing of it. */
  atomic(statements: string[]): Maybe<void>;
  /** Runs one statement outside of any transaction. */
  alone(sql: string): Maybe<void>;
}

/** What a driver throws when it knows which statement of a list was refused. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  /** @param statement the statement's place in the list, counted from 0 */
  constructor(message: string, readonly statement: number | undefined) {
    super(message);
  }
}
