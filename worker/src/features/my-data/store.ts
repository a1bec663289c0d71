import { and, asc, desc, eq, inArray, lte, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { dataExports } from './tables.ts';

export type ExportRow = typeof dataExports.$inferSelect;

const archivesSchema = z.array(z.object({ key: z.string(), sizeBytes: z.int() }));
export type Archive = z.infer<typeof archivesSchema>[number];

/** Returns the archives of a copy that are done. */
export function archivesOf(row: ExportRow): Archive[] {
  return archivesSchema.parse(JSON.parse(row.archives));
}

/** One claim on a copy: its holder makes the next archive and, if the claim still holds, writes it down. */
export interface ExportClaim {
  exportId: string;
  userId: string;
  attempt: number;
  faultCount: number;
  archives: Archive[];
  cursor: string | null;
  createdAtMs: number;
}

/** The only writer of `data_exports`. Every transition is one conditional update; a late or doubled one changes nothing. */
export class ExportStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(exportId: string): Promise<ExportRow | null> {
    return (await this.#db.select().from(dataExports).where(eq(dataExports.id, exportId)).get()) ?? null;
  }

  /** Returns a person's newest copy. */
  async latest(userId: string): Promise<ExportRow | null> {
    const row = await this.#db
      .select()
      .from(dataExports)
      .where(eq(dataExports.userId, userId))
      .orderBy(desc(dataExports.id))
      .limit(1)
      .get();
    return row ?? null;
  }

  /** Queues a copy; null where one of theirs is being made: an index lets no second one in. */
  async create(userId: string, nowMs: number): Promise<ExportRow | null> {
    const [row] = await this.#db
      .insert(dataExports)
      .values({ id: newId('exp', nowMs), userId, state: 'queued', dueAtMs: nowMs, createdAtMs: nowMs })
      .onConflictDoNothing()
      .returning();
    return row ?? null;
  }

  /** Takes a queued copy; null when it is not there to take. */
  async claim(row: ExportRow, nowMs: number, leaseMs: number): Promise<ExportClaim | null> {
    const { id: exportId, userId, faultCount, cursor, createdAtMs } = row;
    const attempt = row.attempt + 1;
    const { meta } = await this.#db
      .update(dataExports)
      .set({ state: 'running', attempt, dueAtMs: nowMs + leaseMs })
      .where(
        and(
          eq(dataExports.id, exportId),
          eq(dataExports.state, 'queued'),
          eq(dataExports.attempt, row.attempt),
        ),
      );
    if (meta.changes !== 1) return null;
    return { exportId, userId, attempt, faultCount, cursor, createdAtMs, archives: archivesOf(row) };
  }

  /** Notes the R2 upload that the claim writes to; false when the claim is lost. */
  noteUpload(claim: ExportClaim, r2UploadId: string): Promise<boolean> {
    return this.#change(claim, { r2UploadId });
  }

  /** Extends the claim; false when it is lost, and the holder must stop. */
  renew(claim: ExportClaim, nowMs: number, leaseMs: number): Promise<boolean> {
    return this.#change(claim, { dueAtMs: nowMs + leaseMs });
  }

  /** Ends the claim with one archive more, and queues the next. */
  goOn(claim: ExportClaim, archives: Archive[], cursor: string | null, nowMs: number): Promise<boolean> {
    return this.#change(claim, {
      state: 'queued',
      archives: JSON.stringify(archives),
      cursor,
      r2UploadId: null,
      faultCount: 0,
      dueAtMs: nowMs,
    });
  }

  /** Ends the claim with the last archive. */
  finish(claim: ExportClaim, archives: Archive[], nowMs: number, expiresAtMs: number): Promise<boolean> {
    return this.#change(claim, {
      state: 'ready',
      archives: JSON.stringify(archives),
      r2UploadId: null,
      finishedAtMs: nowMs,
      dueAtMs: expiresAtMs,
    });
  }

  /** Gives the claim back after a fault, to be tried again from `dueAtMs` on. */
  release(claim: ExportClaim, reason: string, dueAtMs: number): Promise<boolean> {
    return this.#change(claim, {
      state: 'queued',
      lastFault: reason,
      faultCount: claim.faultCount + 1,
      dueAtMs,
    });
  }

  /** Ends the claim with a copy that is given up. */
  fail(claim: ExportClaim, reason: string, nowMs: number, goesAtMs: number): Promise<boolean> {
    return this.#change(claim, {
      state: 'failed',
      lastFault: reason,
      finishedAtMs: nowMs,
      dueAtMs: goesAtMs,
    });
  }

  async #change(claim: ExportClaim, change: Partial<ExportRow>): Promise<boolean> {
    const { meta } = await this.#db
      .update(dataExports)
      .set(change)
      .where(
        and(
          eq(dataExports.id, claim.exportId),
          eq(dataExports.attempt, claim.attempt),
          eq(dataExports.state, 'running'),
        ),
      );
    return meta.changes === 1;
  }

  /** Returns claims whose holder has gone silent. */
  lapsed(nowMs: number, limit: number): Promise<ExportRow[]> {
    return this.#due(eq(dataExports.state, 'running'), nowMs, limit);
  }

  /** Returns queued rows whose queue message seems lost. */
  forgotten(beforeMs: number, limit: number): Promise<ExportRow[]> {
    return this.#due(eq(dataExports.state, 'queued'), beforeMs, limit);
  }

  /** Returns copies whose keeping is over. */
  expired(nowMs: number, limit: number): Promise<ExportRow[]> {
    return this.#due(inArray(dataExports.state, ['ready', 'failed']), nowMs, limit);
  }

  #due(inState: SQL, beforeMs: number, limit: number): Promise<ExportRow[]> {
    return this.#db
      .select()
      .from(dataExports)
      .where(and(inState, lte(dataExports.dueAtMs, beforeMs)))
      .orderBy(asc(dataExports.dueAtMs))
      .limit(limit);
  }

  /** Notes that a queue message is under way again. */
  async touch(exportId: string, nowMs: number): Promise<void> {
    await this.#db
      .update(dataExports)
      .set({ dueAtMs: nowMs })
      .where(and(eq(dataExports.id, exportId), eq(dataExports.state, 'queued')));
  }

  /** Forgets a copy whose archives are gone. */
  async forget(exportId: string): Promise<void> {
    await this.#db.delete(dataExports).where(eq(dataExports.id, exportId));
  }

  /** Forgets every copy of a person. */
  async forgetAll(userId: string): Promise<void> {
    await this.#db.delete(dataExports).where(eq(dataExports.userId, userId));
  }
}
