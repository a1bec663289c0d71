import { and, asc, desc, eq, gt, inArray, lt, ne, type SQL, sql } from 'drizzle-orm';
import { type Database, runBatch, type Statement } from '../../platform/db.ts';
import { uploadParts, uploads } from './tables.ts';

export type UploadRow = typeof uploads.$inferSelect;
export type PartRow = typeof uploadParts.$inferSelect;
export type NewUpload = Omit<UploadRow, 'rejectionCode' | 'rejectionDetail'>;

/** The only writer of `uploads` and `upload_parts`. */
export class UploadStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Opens an upload together with the track that it becomes; false where that changed nothing. */
  async create(row: NewUpload, track: Statement): Promise<boolean> {
    const results = await runBatch(this.#db, [this.#db.insert(uploads).values(row), track]);
    return results[1]?.meta.changes === 1;
  }

  /** Hands an owner's uploads to another. */
  changeOwner(fromOwnerId: string, toOwnerId: string, guard: SQL): Statement {
    return this.#db
      .update(uploads)
      .set({ ownerId: toOwnerId })
      .where(and(eq(uploads.ownerId, fromOwnerId), guard));
  }

  async find(uploadId: string): Promise<UploadRow | null> {
    return (await this.#db.select().from(uploads).where(eq(uploads.id, uploadId)).get()) ?? null;
  }

  /** Returns an owner's uploads, newest first, one more than asked for where there are more. */
  list(
    ownerId: string,
    query: { cursor?: string | undefined; sha256?: string | undefined; limit: number },
  ): Promise<UploadRow[]> {
    return this.#db
      .select()
      .from(uploads)
      .where(
        and(
          eq(uploads.ownerId, ownerId),
          ne(uploads.state, 'cancelled'),
          query.sha256 === undefined ? undefined : eq(uploads.sha256, query.sha256),
          query.cursor === undefined ? undefined : lt(uploads.id, query.cursor),
        ),
      )
      .orderBy(desc(uploads.id))
      .limit(query.limit + 1);
  }

  /** Returns an owner's completed uploads in the order they were opened, those behind `after`. */
  listCompleted(ownerId: string, after: string, limit: number): Promise<UploadRow[]> {
    return this.#db
      .select()
      .from(uploads)
      .where(and(eq(uploads.ownerId, ownerId), eq(uploads.state, 'completed'), gt(uploads.id, after)))
      .orderBy(asc(uploads.id))
      .limit(limit);
  }

  /** Returns an owner's uploads in whatever state, the oldest first. */
  listAll(ownerId: string, limit: number): Promise<UploadRow[]> {
    return this.#db
      .select()
      .from(uploads)
      .where(eq(uploads.ownerId, ownerId))
      .orderBy(asc(uploads.id))
      .limit(limit);
  }

  /** Returns uploads of a track in whatever state, some of them. */
  listOfTrack(trackId: string, limit: number): Promise<UploadRow[]> {
    return this.#db.select().from(uploads).where(eq(uploads.trackId, trackId)).limit(limit);
  }

  /** Hands an owner's uploads to whoever `heirOf` their track names, where it names anybody. */
  handOver(fromOwnerId: string, heirOf: (trackId: SQL) => SQL<string>): Statement {
    const heir = heirOf(sql`uploads.track_id`);
    return this.#db
      .update(uploads)
      .set({ ownerId: heir })
      .where(and(eq(uploads.ownerId, fromOwnerId), sql`${heir} IS NOT NULL`));
  }

  /** Removes a completed upload for good, and `alongside` what depends on it. */
  async erase(uploadId: string, alongside: Statement[]): Promise<void> {
    await runBatch(this.#db, [
      ...alongside,
      this.#db.delete(uploadParts).where(eq(uploadParts.uploadId, uploadId)),
      this.#db.delete(uploads).where(eq(uploads.id, uploadId)),
    ]);
  }

  parts(uploadId: string): Promise<PartRow[]> {
    return this.#db
      .select()
      .from(uploadParts)
      .where(eq(uploadParts.uploadId, uploadId))
      .orderBy(asc(uploadParts.number));
  }

  /** Returns the numbers of received parts by upload. */
  async partNumbers(uploadIds: string[]): Promise<Map<string, number[]>> {
    const byUpload = new Map<string, number[]>();
    for (let start = 0; start < uploadIds.length; start += 90) {
      const rows = await this.#db
        .select({ uploadId: uploadParts.uploadId, number: uploadParts.number })
        .from(uploadParts)
        .where(inArray(uploadParts.uploadId, uploadIds.slice(start, start + 90)))
        .orderBy(asc(uploadParts.number));
      for (const { uploadId, number } of rows) {
        const numbers = byUpload.get(uploadId);
        if (numbers === undefined) byUpload.set(uploadId, [number]);
        else numbers.push(number);
      }
    }
    return byUpload;
  }

  /** Notes a received part of an upload that is still open; the same part again replaces the note. */
  async putPart({ uploadId, number, etag }: PartRow): Promise<void> {
    const guard = this.inState(uploadId, 'receiving');
    await this.#db
      .insert(uploadParts)
      .select(sql`SELECT ${uploadId}, ${number}, ${etag} WHERE ${guard}`)
      .onConflictDoUpdate({ target: [uploadParts.uploadId, uploadParts.number], set: { etag } });
  }

  /** True for batches that run while the upload is in `state`. */
  inState(uploadId: string, state: UploadRow['state']): SQL {
    return sql`EXISTS (SELECT 1 FROM uploads WHERE id = ${uploadId} AND state = ${state})`;
  }

  /** Completes an upload once; `alongside` runs only in the transaction that completes it. */
  async complete(uploadId: string, alongside: (guard: SQL) => Statement[]): Promise<boolean> {
    // The writes alongside come first: their guard is that the upload is still open, which the last one ends.
    const results = await runBatch(this.#db, [
      ...alongside(this.inState(uploadId, 'receiving')),
      this.#db.update(uploads).set({ state: 'completed' }).where(this.#receiving(uploadId)),
    ]);
    return results.at(-1)?.meta.changes === 1;
  }

  /** Closes an upload whose bytes are not what was promised; false when it was closed already. */
  async reject(
    uploadId: string,
    code: string,
    detail: string,
    alongside: (guard: SQL) => Statement[],
  ): Promise<boolean> {
    const results = await runBatch(this.#db, [
      ...alongside(this.inState(uploadId, 'receiving')),
      this.#db
        .update(uploads)
        .set({ state: 'rejected', rejectionCode: code, rejectionDetail: detail })
        .where(this.#receiving(uploadId)),
    ]);
    return results.at(-1)?.meta.changes === 1;
  }

  /** Ends an upload that is not completed, and what depends on it; false when it is completed. */
  async cancel(uploadId: string, nowMs: number, alongside: (guard: SQL) => Statement[]): Promise<boolean> {
    const guard = sql`EXISTS (SELECT 1 FROM uploads WHERE id = ${uploadId} AND state <> 'completed')`;
    const results = await runBatch(this.#db, [
      ...alongside(guard),
      this.#db
        .update(uploads)
        // Due at once: the sweep takes it up where whoever cancels does not get further than this.
        .set({ state: 'cancelled', expiresAtMs: sql`min(${uploads.expiresAtMs}, ${nowMs})` })
        .where(and(eq(uploads.id, uploadId), ne(uploads.state, 'completed'))),
    ]);
    return results.at(-1)?.meta.changes === 1;
  }

  /** Forgets a cancelled upload whose bytes are gone. */
  async forget(uploadId: string): Promise<void> {
    const guard = this.inState(uploadId, 'cancelled');
    await runBatch(this.#db, [
      this.#db.delete(uploadParts).where(and(eq(uploadParts.uploadId, uploadId), guard)),
      this.#db.delete(uploads).where(and(eq(uploads.id, uploadId), eq(uploads.state, 'cancelled'))),
    ]);
  }

  /** Returns uploads that were not completed in time. */
  expired(nowMs: number, limit: number): Promise<UploadRow[]> {
    return this.#db
      .select()
      .from(uploads)
      .where(
        and(inArray(uploads.state, ['receiving', 'rejected', 'cancelled']), lt(uploads.expiresAtMs, nowMs)),
      )
      .limit(limit);
  }

  #receiving(uploadId: string): SQL | undefined {
    return and(eq(uploads.id, uploadId), eq(uploads.state, 'receiving'));
  }
}
