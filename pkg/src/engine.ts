/** The engine in WebAssembly: loaded once, and pumped. */
import init, { Engine, type Answer, type Progress, type RevisionSource, type Run, type Trouble } from '../wasm/ambix_wasm.js';
import { type Driver, StatementError } from './driver.js';
import { AmbixError } from './errors.js';

let loading: Promise<unknown> | undefined;

/** Loads the WebAssembly, if it is not there yet. */
export function load(): Promise<unknown> {
  // What failed once, for want of a network, may be tried again.
  loading ??= instantiate().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function instantiate(): Promise<unknown> {
  const url = new URL('../wasm/ambix_wasm_bg.wasm', import.meta.url);
  if (url.protocol !== 'file:') return init({ module_or_path: url });
  const { readFile } = await import('node:fs/promises');
  return init({ module_or_path: await readFile(url) });
}

/** Checks the revisions and builds their graph. */
export function build(revisions: RevisionSource[]): Engine {
  try {
    return new Engine(revisions);
  } catch (error) {
    throw error instanceof Error ? error : new AmbixError(error as Trouble);
  }
}

/** What a procedure came to. */
export interface Outcome {
  applied: number;
  current: string[];
}

/** Runs a procedure to its end: performs what it asks for and feeds the answers back. */
export async function pump(run: Run, driver: Driver, onProgress?: (event: Progress) => void): Promise<Outcome> {
  try {
    let answer: Answer | undefined;
    for (;;) {
      const turn = run.next(answer);
      if (onProgress) run.events().forEach(onProgress);
      switch (turn.kind) {
        case 'done':
          return { applied: turn.applied, current: turn.current };
        case 'failed':
          throw new AmbixError(turn.error);
        case 'query':
          answer = await attempt(async () => ({ kind: 'rows', rows: await driver.query(turn.sql) }));
          break;
        case 'atomic':
          answer = await attempt(async () => {
            await driver.atomic(turn.statements);
            return { kind: 'done' };
          });
          break;
        case 'alone':
          answer = await attempt(async () => {
            await driver.alone(turn.sql);
            return { kind: 'done' };
          });
      }
    }
  } finally {
    run.free();
  }
}

async function attempt(perform: () => Promise<Answer>): Promise<Answer> {
  try {
    return await perform();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, statement: error instanceof StatementError ? error.statement : undefined };
  }
}
