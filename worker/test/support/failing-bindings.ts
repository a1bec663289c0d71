import type { Env } from '../../src/platform/env.ts';

/** When and how the world breaks: at the `at`-th write, counted from 1. */
export interface Fault {
  at: number;
  /**
   * `dies before` / `dies after`: the process is gone from there on, as after a crash or an eviction.
   * `refuses`: only this write is refused. `loses answer`: it goes through, yet its answer never arrives.
   */
  kind: 'dies before' | 'dies after' | 'refuses' | 'loses answer';
}

const DEAD = new Error('this process is dead');

/** Counts writes to D1, R2 and the queue, and breaks one of them. */
export class FaultyWorld {
  writes = 0;
  /** What was broken; null where the world never got that far. */
  broken: string | null = null;
  readonly #fault: Fault;
  #isDead = false;

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  async #read<T>(run: () => Promise<T>): Promise<T> {
    if (this.#isDead) throw DEAD;
    return run();
  }

  async #write<T>(target: string, run: () => Promise<T>): Promise<T> {
    if (this.#isDead) throw DEAD;
    if (++this.writes !== this.#fault.at) return run();
    this.broken = target;
    const { kind } = this.#fault;
    this.#isDead = kind === 'dies before' || kind === 'dies after';
    if (kind === 'dies after' || kind === 'loses answer') await run();
    throw this.#isDead ? DEAD : new Error(`${target} failed`);
  }

  /** Returns the bindings as seen from this world. */
  around(env: Env): Env {
    return {
      ...env,
      DB: this.#database(env.DB),
      MEDIA: this.#bucket(env.MEDIA),
      TRANSCODES_QUEUE: {
        send: (...args: Parameters<Queue['send']>) =>
          this.#write('queue.send', () => env.TRANSCODES_QUEUE.send(...(args as [never]))),
      } as unknown as Env['TRANSCODES_QUEUE'],
    };
  }

  #database(db: D1Database): D1Database {
    const originals = new WeakMap<object, D1PreparedStatement>();
    const wrap = (statement: D1PreparedStatement, sql: string): D1PreparedStatement => {
      const run = <T>(work: () => Promise<T>) =>
        /^\s*select/i.test(sql) ? this.#read(work) : this.#write('db.run', work);
      const wrapped = {
        bind: (...values: unknown[]) => wrap(statement.bind(...values), sql),
        first: (...args: [never]) => run(() => statement.first(...args)),
        run: () => run(() => statement.run()),
        all: () => run(() => statement.all()),
        raw: (...args: [never]) => run(() => statement.raw(...args)),
      } as unknown as D1PreparedStatement;
      originals.set(wrapped, statement);
      return wrapped;
    };
    return {
      prepare: (sql: string) => wrap(db.prepare(sql), sql),
      batch: (statements: D1PreparedStatement[]) =>
        this.#write('db.batch', () =>
          db.batch(statements.map((statement) => originals.get(statement) ?? statement)),
        ),
    } as unknown as D1Database;
  }

  #bucket(bucket: R2Bucket): R2Bucket {
    return {
      get: (...args: [never]) => this.#read(() => bucket.get(...args)),
      head: (key: string) => this.#read(() => bucket.head(key)),
      list: (options: R2ListOptions) => this.#read(() => bucket.list(options)),
      put: (key: string, ...rest: [never]) => this.#write('r2.put', () => bucket.put(key, ...rest)),
      delete: (keys: string | string[]) => this.#write('r2.delete', () => bucket.delete(keys)),
      createMultipartUpload: (key: string) =>
        this.#write('r2.create', () => bucket.createMultipartUpload(key)),
      resumeMultipartUpload: (key: string, id: string) => {
        const upload = bucket.resumeMultipartUpload(key, id);
        return {
          uploadPart: (...args: [never, never]) => this.#write('r2.part', () => upload.uploadPart(...args)),
          complete: (parts: R2UploadedPart[]) => this.#write('r2.complete', () => upload.complete(parts)),
          abort: () => this.#write('r2.abort', () => upload.abort()),
        };
      },
    } as unknown as R2Bucket;
  }
}
