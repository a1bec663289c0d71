import { and, asc, eq, lt, lte, type SQL, sql } from 'drizzle-orm';
import { type Database, runBatch, type Statement } from '../../platform/db.ts';
import { deadLetters, transcodeAttempts, transcodes } from './tables.ts';

export type TranscodeRow = typeof transcodes.$inferSelect;
export type AttemptRow = typeof transcodeAttempts.$inferSelect;

/** One claim on a transcode: who holds it may write this version and, if it still holds, publish it. */
export interface Claim {
  transcodeId: string;
  trackId: string;
  originalKey: string;
  attempt: number;
  version: string;
  faultCount: number;
}

/**
 * The only writer of `transcodes` and `transcode_attempts`.
 * Every transition is one conditional update: a duplicate, late or reordered call changes no row.
 */
export class TranscodeStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(transcodeId: string): Promise<TranscodeRow | null> {
    return (await this.#db.select().from(transcodes).where(eq(transcodes.id, transcodeId)).get()) ?? null;
  }

  /** Queues a recording once, if `guard` holds; a second call with the same id does nothing. */
  enqueue(
    row: { transcodeId: string; trackId: string; originalKey: string; nowMs: number },
    guard: SQL,
  ): Statement {
    return this.#db
      .insert(transcodes)
      .select(
        sql`SELECT ${row.transcodeId}, ${row.trackId}, ${row.originalKey}, 'queued', 0, 0, NULL, NULL, ${row.nowMs}, ${row.nowMs}, NULL WHERE ${guard}`,
      )
      .onConflictDoNothing();
  }

  /** True for rows of which this transcode is in `state`, to guard other features' writes in one batch. */
  inState(transcodeId: string, state: TranscodeRow['state']): SQL {
    return sql`EXISTS (SELECT 1 FROM transcodes WHERE id = ${transcodeId} AND state = ${state})`;
  }

  /** True while the claim is the current one and its row is in `state`. */
  held(claim: Claim, state: TranscodeRow['state'] = 'running'): SQL {
    return sql`EXISTS (SELECT 1 FROM transcodes WHERE id = ${claim.transcodeId} AND attempt = ${claim.attempt} AND state = ${state})`;
  }

  /** Takes a queued transcode and opens a version to write; null when it is not there to take. */
  async claim(
    transcodeId: string,
    version: string,
    nowMs: number,
    leaseMs: number,
    alongside: (claim: Claim, guard: SQL) => Statement[],
  ): Promise<Claim | null> {
    const row = await this.find(transcodeId);
    if (row?.state !== 'queued') return null;
    const claim: Claim = {
      transcodeId,
      trackId: row.trackId,
      originalKey: row.originalKey,
      attempt: row.attempt + 1,
      version,
      faultCount: row.faultCount,
    };
    const mine = and(
      this.held(claim),
      sql`EXISTS (SELECT 1 FROM transcodes WHERE version = ${version} AND id = ${transcodeId})`,
    );
    const guard = mine ?? sql`0`;
    const [taken] = await runBatch(this.#db, [
      this.#db
        .update(transcodes)
        .set({ state: 'running', attempt: claim.attempt, version, dueAtMs: nowMs + leaseMs })
        .where(
          and(
            eq(transcodes.id, transcodeId),
            eq(transcodes.state, 'queued'),
            eq(transcodes.attempt, row.attempt),
          ),
        ),
      this.#db
        .insert(transcodeAttempts)
        .select(sql`SELECT ${version}, ${transcodeId}, ${row.trackId}, 'writing', ${nowMs} WHERE ${guard}`),
      ...alongside(claim, guard),
    ]);
    return taken?.meta.changes === 1 ? claim : null;
  }

  /** Extends the claim; false when it is lost, and the holder must stop. */
  async renew(claim: Claim, nowMs: number, leaseMs: number, alongside: Statement[] = []): Promise<boolean> {
    const [renewed] = await runBatch(this.#db, [
      this.#db
        .update(transcodes)
        .set({ dueAtMs: nowMs + leaseMs })
        .where(this.#current(claim)),
      ...alongside,
    ]);
    return renewed?.meta.changes === 1;
  }

  /** Ends the claim with a published version: all of it, or nothing when the claim is lost. */
  async publish(claim: Claim, nowMs: number, alongside: (guard: SQL) => Statement[]): Promise<boolean> {
    const guard = this.held(claim, 'done');
    // Where the sweep has taken the attempt for an orphan, its objects are gone and there is nothing to publish.
    const isKept = sql`EXISTS (SELECT 1 FROM transcode_attempts WHERE version = ${claim.version} AND state = 'writing')`;
    const [done] = await runBatch(this.#db, [
      this.#db
        .update(transcodes)
        .set({ state: 'done', finishedAtMs: nowMs })
        .where(and(this.#current(claim), isKept)),
      ...alongside(guard),
      this.#db
        .update(transcodeAttempts)
        .set({ state: 'published' })
        .where(and(eq(transcodeAttempts.version, claim.version), guard)),
    ]);
    if (done?.meta.changes === 1) return true;
    // The answer to an earlier try may have been lost after the batch had gone through.
    const row = await this.find(claim.transcodeId);
    return row?.state === 'done' && row.version === claim.version;
  }

  /** Ends the claim because of a fault of the file. */
  async fail(
    claim: Claim,
    fault: string,
    nowMs: number,
    alongside: (guard: SQL) => Statement[],
  ): Promise<boolean> {
    return this.#end(claim, 'failed', fault, nowMs, alongside(this.held(claim, 'failed')));
  }

  /** Ends the claim because all attempts are spent, and leaves a dead letter for the operator. */
  async giveUp(
    claim: Claim,
    fault: string,
    nowMs: number,
    alongside: (guard: SQL) => Statement[],
  ): Promise<boolean> {
    const guard = this.held(claim, 'dead');
    const letterId = `${claim.transcodeId}-${claim.attempt}`;
    const body = JSON.stringify({ transcodeId: claim.transcodeId });
    const letter = this.#db
      .insert(deadLetters)
      .select(
        sql`SELECT ${letterId}, ${body}, ${claim.transcodeId}, ${fault}, 'open', ${nowMs} WHERE ${guard}`,
      )
      .onConflictDoNothing();
    return this.#end(claim, 'dead', fault, nowMs, [letter, ...alongside(guard)]);
  }

  async #end(
    claim: Claim,
    state: 'failed' | 'dead',
    fault: string,
    nowMs: number,
    alongside: Statement[],
  ): Promise<boolean> {
    const [ended] = await runBatch(this.#db, [
      this.#db
        .update(transcodes)
        .set({ state, lastFault: fault, finishedAtMs: nowMs })
        .where(this.#current(claim)),
      ...alongside,
    ]);
    return ended?.meta.changes === 1;
  }

  /** Gives the claim back to the queue. */
  async release(
    claim: Claim,
    change: { isFault: boolean; reason: string; dueAtMs: number },
    alongside: (guard: SQL) => Statement[],
  ): Promise<boolean> {
    const [released] = await runBatch(this.#db, [
      this.#db
        .update(transcodes)
        .set({
          state: 'queued',
          version: null,
          lastFault: change.reason,
          dueAtMs: change.dueAtMs,
          ...(change.isFault ? { faultCount: sql`${transcodes.faultCount} + 1` } : {}),
        })
        .where(this.#current(claim)),
      ...alongside(this.held(claim, 'queued')),
    ]);
    return released?.meta.changes === 1;
  }

  /** Returns claims whose holder has gone silent. */
  lapsed(nowMs: number, limit: number): Promise<TranscodeRow[]> {
    return this.#due('running', nowMs, limit);
  }

  /** Returns queued rows whose message seems lost. */
  forgotten(beforeMs: number, limit: number): Promise<TranscodeRow[]> {
    return this.#due('queued', beforeMs, limit);
  }

  #due(state: 'running' | 'queued', beforeMs: number, limit: number): Promise<TranscodeRow[]> {
    return this.#db
      .select()
      .from(transcodes)
      .where(and(eq(transcodes.state, state), lte(transcodes.dueAtMs, beforeMs)))
      .orderBy(asc(transcodes.dueAtMs))
      .limit(limit);
  }

  /** Notes that a message is under way again. */
  async touch(transcodeId: string, nowMs: number): Promise<void> {
    await this.#db
      .update(transcodes)
      .set({ dueAtMs: nowMs })
      .where(and(eq(transcodes.id, transcodeId), eq(transcodes.state, 'queued')));
  }

  /** Puts a dead transcode back in the queue with a clean slate; false when it is not dead. */
  async revive(transcodeId: string, nowMs: number, alongside: (guard: SQL) => Statement[]): Promise<boolean> {
    const [revived] = await runBatch(this.#db, [
      this.#db
        .update(transcodes)
        .set({ state: 'queued', faultCount: 0, dueAtMs: nowMs, finishedAtMs: null })
        .where(and(eq(transcodes.id, transcodeId), eq(transcodes.state, 'dead'))),
      ...alongside(this.inState(transcodeId, 'queued')),
    ]);
    return revived?.meta.changes === 1;
  }

  /** Returns attempts older than `beforeMs` that were not published and that nobody holds a claim for. */
  async orphans(beforeMs: number, limit: number): Promise<AttemptRow[]> {
    return this.#db
      .select()
      .from(transcodeAttempts)
      .where(
        and(
          eq(transcodeAttempts.state, 'writing'),
          lt(transcodeAttempts.startedAtMs, beforeMs),
          sql`NOT EXISTS (SELECT 1 FROM transcodes t WHERE t.id = transcode_attempts.transcode_id AND t.version = transcode_attempts.version AND t.state = 'running')`,
        ),
      )
      .limit(limit);
  }

  /** Forgets an attempt whose objects are gone. */
  async forgetAttempt(version: string): Promise<void> {
    await this.#db
      .delete(transcodeAttempts)
      .where(and(eq(transcodeAttempts.version, version), eq(transcodeAttempts.state, 'writing')));
  }

  /**
   * Returns the writes that remove a transcode for good. Who holds a claim on it loses it; an attempt that still
   * writes stays on the list until the sweep has removed what it wrote.
   */
  remove(transcodeId: string): Statement[] {
    const ofIt = eq(transcodeAttempts.transcodeId, transcodeId);
    return [
      this.#db.delete(deadLetters).where(eq(deadLetters.transcodeId, transcodeId)),
      this.#db.delete(transcodeAttempts).where(and(ofIt, eq(transcodeAttempts.state, 'published'))),
      this.#db.delete(transcodes).where(eq(transcodes.id, transcodeId)),
    ];
  }

  #current(claim: Claim): SQL | undefined {
    return and(
      eq(transcodes.id, claim.transcodeId),
      eq(transcodes.attempt, claim.attempt),
      eq(transcodes.state, 'running'),
    );
  }
}
