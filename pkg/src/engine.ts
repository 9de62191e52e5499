/** The engine in WebAssembly: loaded once, and pumped. */
import init, {
  Engine,
  alter as beginToAlter,
  differences as beginToCompare,
  type AlterTable,
  type Answer,
  type Copy,
  type Finished,
  type Progress,
  type RevisionSource,
  type Run,
  type Trouble,
} from '../wasm/ambix_wasm.js';
import { type Driver, type Ran, StatementError, messageOf } from './driver.js';
import { AmbixError } from './errors.js';

let loading: Promise<unknown> | undefined;

/**
 * Loads the WebAssembly, if it is not there yet.
 *
 * @param module the compiled `ambix/ambix.wasm`, where the runtime compiles it and a fetch is no way (Workers)
 */
export function load(module?: WebAssembly.Module): Promise<unknown> {
  // What failed once, for want of a network, may be tried again.
  loading ??= instantiate(module).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function instantiate(module: WebAssembly.Module | undefined): Promise<unknown> {
  if (module) return init({ module_or_path: module });
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

/** Begins to change one table. */
export function alter(change: AlterTable, driver: Driver): Run {
  return beginToAlter(change, isGuarded(driver));
}

/** Begins to compare the database with what a script makes. */
export function compare(script: string): Run {
  return beginToCompare(script);
}

/** Whether foreign keys stay in force while tables are rebuilt. */
export function isGuarded(driver: Driver): boolean {
  return driver.rebuild === undefined;
}

/** Who is told what happens meanwhile. */
export interface Listeners {
  onProgress?: ((event: Progress) => void) | undefined;
  onCopy?: ((copy: Copy) => void) | undefined;
}

/** Runs a procedure to its end: performs what it asks for and feeds the answers back. */
export async function pump(run: Run, driver: Driver, { onProgress, onCopy }: Listeners = {}): Promise<Finished> {
  try {
    let answer: Answer | undefined;
    for (;;) {
      const turn = run.next(answer);
      if (onProgress) run.events().forEach(onProgress);
      switch (turn.kind) {
        case 'done': {
          const { kind: _, ...finished } = turn;
          return finished;
        }
        case 'failed':
          throw new AmbixError(turn.error);
        case 'query':
          answer = await attempt(async () => ({ kind: 'rows', rows: await driver.query(turn.sql) }));
          break;
        case 'atomic':
          answer = await attempt(async () => {
            await driver.atomic(turn.statements, ranOf(turn.copies, onCopy));
            return { kind: 'done' };
          });
          break;
        case 'rebuild':
          answer = await attempt(async () => {
            if (!driver.rebuild) throw new Error('the driver has no rebuild()');
            await driver.rebuild(turn.statements, ranOf(turn.copies, onCopy));
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

/** Tells of copies when their statements have run. Only then need a driver look at each statement. */
function ranOf(copies: Copy[] | undefined, onCopy: Listeners['onCopy']): Ran | undefined {
  if (!copies?.length || !onCopy) return undefined;
  return (statement) => {
    const copy = copies.find((copy) => copy.statement === statement);
    if (copy) onCopy(copy);
  };
}

async function attempt(perform: () => Promise<Answer>): Promise<Answer> {
  try {
    return await perform();
  } catch (error) {
    return { kind: 'failed', message: messageOf(error), statement: error instanceof StatementError ? error.statement : undefined };
  }
}
