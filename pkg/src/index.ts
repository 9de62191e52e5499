/**
 * Ambix: Alembic's revisions for the SQLite that a page already has.
 *
 * ```js
 * import { open } from 'ambix';
 * import { sqljs } from 'ambix/drivers/sqljs';
 * const database = await open(sqljs(db), revisions);
 * ```
 */
import type { Engine, Progress, RevisionSource } from '../wasm/ambix_wasm.js';
import type { Driver } from './driver.js';
import { build, load, pump } from './engine.js';

export { AmbixError } from './errors.js';
export { StatementError, type Driver, type Maybe } from './driver.js';
export type { Progress, RevisionSource } from '../wasm/ambix_wasm.js';

/** How to open. */
export interface OpenOptions {
  /** Where to bring the database: `head`, `heads`, `base`, an id. Default: `head`. */
  target?: string;
  /** Called when a revision begins and when it is applied. */
  onProgress?: (event: Progress) => void;
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
    const database = new Database(this.#engine, driver, options.onProgress);
    await database.upgrade(options.target);
    return database;
  }

  /** A database as it is: nothing is read or changed yet. */
  attach(driver: Driver, options: Pick<OpenOptions, 'onProgress'> = {}): Database {
    return new Database(this.#engine, driver, options.onProgress);
  }
}

/** A database and the revisions that it goes through. */
export class Database {
  readonly #engine: Engine;
  readonly #driver: Driver;
  readonly #onProgress: ((event: Progress) => void) | undefined;

  /** @internal */
  constructor(engine: Engine, driver: Driver, onProgress: ((event: Progress) => void) | undefined) {
    this.#engine = engine;
    this.#driver = driver;
    this.#onProgress = onProgress;
  }

  /** Applies revisions up to `target`. Gives the number that were applied. */
  async upgrade(target = 'head'): Promise<number> {
    return (await pump(this.#engine.upgrade(target, now()), this.#driver, this.#onProgress)).applied;
  }

  /** Takes revisions back down to `target`: `base`, an id, `-1`. Gives the number that were taken back. */
  async downgrade(target: string): Promise<number> {
    return (await pump(this.#engine.downgrade(target, now()), this.#driver, this.#onProgress)).applied;
  }

  /** The revisions that the database is at: none at `base`, several where branches are apart. */
  async current(): Promise<string[]> {
    return (await pump(this.#engine.current(), this.#driver)).current;
  }
}

/** Checks `revisions`, upgrades the database, and gives it back ready for use. */
export async function open(driver: Driver, revisions: RevisionSource[], options: OpenOptions = {}): Promise<Database> {
  return (await Revisions.load(revisions)).open(driver, options);
}

function now(): string {
  return new Date().toISOString();
}
