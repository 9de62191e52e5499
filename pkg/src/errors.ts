import type { Trouble } from '../wasm/ambix_wasm.js';

/** What every function throws: a code, a message in Alembic's words where it has some, and ways out. */
export class AmbixError extends Error {
  override readonly name = 'AmbixError';
  /** A word: `multiple-heads`. */
  readonly code: string;
  /** Ways out, best first. */
  readonly hints: string[];
  /** The SQL statement that failed. */
  readonly statement: string | undefined;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.code = trouble.code;
    this.hints = trouble.hints;
    this.statement = trouble.statement;
  }
}
