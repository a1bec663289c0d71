import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { type Database, inChunks } from '../../platform/db.ts';
import type { TimePageRequest } from '../../platform/time-cursor.ts';
import { libraryCounts, ratings } from './tables.ts';

export type RatingRow = typeof ratings.$inferSelect;
export type CountsRow = typeof libraryCounts.$inferSelect;

/** Returns the counters of those of these things that anybody likes or follows. */
export function findCounts(db: Database, targetIds: readonly string[]): Promise<CountsRow[]> {
  return inChunks(targetIds, (chunk) =>
    db.select().from(libraryCounts).where(inArray(libraryCounts.targetId, chunk)).all(),
  );
}

/** The only writer of ratings. */
export class RatingStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Gives a track stars, or others than before. The same stars again leave it where it stands in the list. */
  async put(userId: string, trackId: string, stars: number, nowMs: number): Promise<void> {
    await this.#db
      .insert(ratings)
      .values({ userId, trackId, stars, ratedAtMs: nowMs })
      .onConflictDoUpdate({
        target: [ratings.userId, ratings.trackId],
        set: { stars, ratedAtMs: nowMs },
        setWhere: sql`${ratings.stars} <> ${stars}`,
      });
  }

  async remove(userId: string, trackId: string): Promise<void> {
    await this.#db.delete(ratings).where(and(eq(ratings.userId, userId), eq(ratings.trackId, trackId)));
  }

  /** Returns somebody's ratings, newest first, one more than asked for where there are more. */
  list(userId: string, { cursor, limit }: TimePageRequest): Promise<RatingRow[]> {
    return this.#db
      .select()
      .from(ratings)
      .where(
        and(
          eq(ratings.userId, userId),
          cursor && sql`(${ratings.ratedAtMs}, ${ratings.trackId}) < (${cursor.atMs}, ${cursor.id})`,
        ),
      )
      .orderBy(desc(ratings.ratedAtMs), desc(ratings.trackId))
      .limit(limit + 1);
  }

  /** Returns the stars that somebody gave to those of these tracks that they rated. */
  async among(userId: string, trackIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await inChunks(trackIds, (chunk) =>
      this.#db
        .select({ trackId: ratings.trackId, stars: ratings.stars })
        .from(ratings)
        .where(and(eq(ratings.userId, userId), inArray(ratings.trackId, chunk)))
        .all(),
    );
    return new Map(rows.map(({ trackId, stars }) => [trackId, stars]));
  }

  /** Returns somebody's ratings behind the track `after`, in the order of the tracks' ids. */
  listAll(userId: string, after: string, limit: number): Promise<RatingRow[]> {
    return this.#db
      .select()
      .from(ratings)
      .where(and(eq(ratings.userId, userId), sql`${ratings.trackId} > ${after}`))
      .orderBy(asc(ratings.trackId))
      .limit(limit);
  }

  /** Removes some of somebody's ratings; returns whether none is left. */
  async erase(userId: string, limit: number): Promise<boolean> {
    const some = this.#db
      .select({ trackId: ratings.trackId })
      .from(ratings)
      .where(eq(ratings.userId, userId))
      .limit(limit);
    const { meta } = await this.#db
      .delete(ratings)
      .where(and(eq(ratings.userId, userId), inArray(ratings.trackId, some)));
    return meta.changes < limit;
  }

  /** Removes some of everybody's ratings of a track that is gone; returns whether none is left. */
  async forget(trackId: string, limit: number): Promise<boolean> {
    const some = this.#db
      .select({ userId: ratings.userId })
      .from(ratings)
      .where(eq(ratings.trackId, trackId))
      .limit(limit);
    const { meta } = await this.#db
      .delete(ratings)
      .where(and(eq(ratings.trackId, trackId), inArray(ratings.userId, some)));
    return meta.changes < limit;
  }
}
