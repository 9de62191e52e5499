/**
 * Ambix: Alembic's revisions for the SQLite that a page already has.
 *
 * ```js
 * import { open } from 'ambix';
 * import { sqljs } from 'ambix/drivers/sqljs';
 * const database = await open(sqljs(db), revisions);
 * ```
 */
import type { AlterTable, Copy, Differences, Engine, Progress, RevisionSource } from '../wasm/ambix_wasm.js';
import type { Driver } from './driver.js';
import { type Listeners, alter, build, compare, isGuarded, load, pump } from './engine.js';

export { AmbixError } from './errors.js';
export { load as initialize } from './engine.js';
export { StatementError, type Driver, type Maybe, type Ran } from './driver.js';
export type {
  AlterTable,
  Change,
  ColumnPlace,
  ConstraintAddress,
  Copy,
  Dependents,
  Differences,
  Loss,
  LossKind,
  Progress,
  ProgressKind,
  Recreate,
  RevisionSource,
  TableChange,
} from '../wasm/ambix_wasm.js';

/** How to open. */
export interface OpenOptions {
  /** Where to bring the database: `head`, `heads`, `base`, an id. Default: `head`. */
  target?: string;
  /**
   * Called when a revision begins, before it destroys data (`losses` says what), when it is applied, and now and
   * then while it copies the rows of a table that it makes anew.
   */
  onProgress?: (event: Progress) => void;
  /**
   * Whether the content of columns and tables that revisions drop is kept in the database, so that their downgrade
   * brings it back. A revision's own `keepData` comes before it. Default: false.
   */
  keepData?: boolean;
}

/** Revisions that were checked once and can open any number of databases. */
export class Revisions {
  readonly #engine: Engine;

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Checks the revisions: unique ids, no missing parent, no circle. Loads the engine if need be. */
  static async load(revisions: RevisionSource[]): Promise<Revisions> {
    await load();
    return new Revisions(build(revisions));
  }

  /** Upgrades a database and gives it back ready for use. */
  async open(driver: Driver, options: OpenOptions = {}): Promise<Database> {
    const database = new Database(this.#engine, driver, options);
    await database.upgrade(options.target);
    return database;
  }

  /** A database as it is: nothing is read or changed yet. */
  attach(driver: Driver, options: Pick<OpenOptions, 'onProgress' | 'keepData'> = {}): Database {
    return new Database(this.#engine, driver, options);
  }
}

/** A database and the revisions that it goes through. */
export class Database {
  readonly #engine: Engine;
  readonly #driver: Driver;
  readonly #onProgress: ((event: Progress) => void) | undefined;
  readonly #keepData: boolean;

  /** @internal */
  constructor(engine: Engine, driver: Driver, options: Pick<OpenOptions, 'onProgress' | 'keepData'>) {
    this.#engine = engine;
    this.#driver = driver;
    this.#onProgress = options.onProgress;
    this.#keepData = options.keepData ?? false;
  }

  /** Applies revisions up to `target`. Gives the number that were applied. */
  async upgrade(target = 'head'): Promise<number> {
    const run = this.#engine.upgrade(target, now(), isGuarded(this.#driver), this.#keepData);
    return (await pump(run, this.#driver, this.#listeners())).applied;
  }

  /** Takes revisions back down to `target`: `base`, an id, `-1`. Gives the number that were taken back. */
  async downgrade(target: string): Promise<number> {
    const run = this.#engine.downgrade(target, now(), isGuarded(this.#driver), this.#keepData);
    return (await pump(run, this.#driver, this.#listeners())).applied;
  }

  /** The revisions that the database is at: none at `base`, several where branches are apart. */
  async current(): Promise<string[]> {
    return (await pump(this.#engine.current(), this.#driver)).current;
  }

  /** Copies happen between the beginning of a revision and its end. */
  #listeners(): Listeners {
    const told = this.#onProgress;
    if (!told) return {};
    let last: Progress | undefined;
    return {
      onProgress(event) {
        if (event.kind !== 'loses') last = event;
        told(event);
      },
      onCopy({ table, done, total }) {
        if (last) told({ ...last, kind: 'copied', table, done, total });
      },
    };
  }
}

/** Checks `revisions`, upgrades the database, and gives it back ready for use. */
export async function open(driver: Driver, revisions: RevisionSource[], options: OpenOptions = {}): Promise<Database> {
  return (await Revisions.load(revisions)).open(driver, options);
}

/** How a table is changed. */
export interface AlterOptions {
  /** Called now and then while the rows of a table that is made anew are copied. */
  onProgress?: (copy: Pick<Copy, 'table' | 'done' | 'total'>) => void;
}

/**
 * Changes one table as a whole or not at all, outside of any revision: no row of it or of a table that refers to
 * it is lost, and nothing that was declared. Loads the engine if need be.
 */
export async function alterTable(driver: Driver, change: AlterTable, options: AlterOptions = {}): Promise<void> {
  await load();
  const { onProgress } = options;
  const onCopy = onProgress && (({ table, done, total }: Copy) => onProgress({ table, done, total }));
  await pump(alter(change, driver), driver, { onCopy });
}

/**
 * Compares a database with the schema that an SQL script makes: CREATE statements, as in a `schema.sql`. Nothing is
 * changed; the statements that are given bring the database there, in one transaction. Loads the engine if need be.
 *
 * ```js
 * const { found, statements } = await differences(sqljs(db), schemaSql);
 * ```
 */
export async function differences(driver: Driver, script: string): Promise<Differences> {
  await load();
  const { differences } = await pump(compare(script), driver);
  return differences ?? { found: [], statements: [], warnings: [] };
}

function now(): string {
  return new Date().toISOString();
}
