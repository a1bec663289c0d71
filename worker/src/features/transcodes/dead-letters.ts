import { and, desc, eq, lt, type SQL } from 'drizzle-orm';
import type { Database, Statement } from '../../platform/db.ts';
import { deadLetters } from './tables.ts';

export type DeadLetterRow = typeof deadLetters.$inferSelect;

/** Reads and settles dead letters; the letters of spent transcodes are written by their store. */
export class DeadLetterStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Keeps a message that the queue gave up on; the same message twice is one letter. */
  async keep(messageId: string, body: unknown, nowMs: number): Promise<void> {
    await this.#db
      .insert(deadLetters)
      .values({
        id: messageId,
        body: JSON.stringify(body) ?? 'null',
        transcodeId: null,
        reason: 'the consumer failed on this message until the queue gave up',
        state: 'open',
        receivedAtMs: nowMs,
      })
      .onConflictDoNothing();
  }

  async find(id: string): Promise<DeadLetterRow | null> {
    return (await this.#db.select().from(deadLetters).where(eq(deadLetters.id, id)).get()) ?? null;
  }

  /** Returns open letters, one more than asked for where there are more. */
  listOpen(cursor: string | undefined, limit: number): Promise<DeadLetterRow[]> {
    return this.#db
      .select()
      .from(deadLetters)
      .where(
        and(eq(deadLetters.state, 'open'), cursor === undefined ? undefined : lt(deadLetters.id, cursor)),
      )
      .orderBy(desc(deadLetters.id))
      .limit(limit + 1);
  }

  /** Settles an open letter whose transcode goes back to the queue in the same batch. */
  markRetried(id: string, guard: SQL): Statement {
    return this.#db
      .update(deadLetters)
      .set({ state: 'retried' })
      .where(and(eq(deadLetters.id, id), eq(deadLetters.state, 'open'), guard));
  }

  /** Puts a letter aside. */
  async drop(id: string): Promise<void> {
    await this.#db.update(deadLetters).set({ state: 'dropped' }).where(eq(deadLetters.id, id));
  }
}
