import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../platform/db.ts';
import { resumePoints } from './tables.ts';

export type ResumeRow = typeof resumePoints.$inferSelect;
export type ResumePoint = Pick<
  ResumeRow,
  'trackId' | 'positionSeconds' | 'sourceKind' | 'sourceId' | 'queue' | 'updatedAtMs'
>;

/** The only writer of where people left off. */
export class ResumeStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(userId: string): Promise<ResumeRow | null> {
    return (await this.#db.select().from(resumePoints).where(eq(resumePoints.userId, userId)).get()) ?? null;
  }

  /** Puts a point in the place of the one with this revision; false where that is not the stored one any more. */
  async replace(userId: string, revision: number, point: ResumePoint): Promise<boolean> {
    const next = { ...point, revision: revision + 1 };
    const { meta } = await this.#db
      .insert(resumePoints)
      .values({ userId, ...next })
      .onConflictDoUpdate({
        target: resumePoints.userId,
        set: next,
        setWhere: eq(resumePoints.revision, revision),
      });
    return meta.changes > 0;
  }

  /** Forgets the point; a device that still knows it cannot bring it back without noticing. */
  async clear(userId: string, nowMs: number): Promise<void> {
    await this.#db
      .update(resumePoints)
      .set({
        revision: sql`${resumePoints.revision} + 1`,
        trackId: null,
        positionSeconds: 0,
        sourceKind: null,
        sourceId: null,
        queue: [],
        updatedAtMs: nowMs,
      })
      .where(eq(resumePoints.userId, userId));
  }

  async erase(userId: string): Promise<void> {
    await this.#db.delete(resumePoints).where(eq(resumePoints.userId, userId));
  }
}
