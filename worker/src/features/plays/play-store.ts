import { and, desc, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import { type Database, runBatch, type Statement } from '../../platform/db.ts';
import type { TimePageRequest } from '../../platform/time-cursor.ts';
import type { SourceThing } from './kinds.ts';
import type { AddPlays } from './ports.ts';
import { historySettings, plays, recentSources } from './tables.ts';

export type PlayRow = typeof plays.$inferSelect;
export type RecentRow = typeof recentSources.$inferSelect;

/** A search looks at this many of somebody's newest plays and no further. */
export const SEARCHED_PLAYS = 5000;
/** More recent sources than this are forgotten. */
const RECENT_KEPT = 100;
/** Rows that one statement changes. */
const ROWS_AT_ONCE = 2000;

/** A play that came in, and what it was played from. */
export interface Entry {
  row: PlayRow;
  source: { kind: SourceThing; id: string };
}

/** A stretch of a history; null where it has no end on that side. */
export interface Stretch {
  afterMs: number | null;
  beforeMs: number | null;
}

/** The only writer of plays and of what was recently played from. */
export class PlayStore {
  readonly #db: Database;
  readonly #addPlays: AddPlays;

  constructor(db: Database, addPlays: AddPlays) {
    this.#db = db;
    this.#addPlays = addPlays;
  }

  /**
   * Writes plays and the counters of their tracks in one batch. The same play again changes nothing; one that has grown
   * is updated, and is counted once, when it is long enough for the first time.
   */
  async record(entries: readonly Entry[]): Promise<void> {
    const owners = new Set(entries.map(({ row }) => row.userId).filter((id) => id !== null));
    await runBatch(this.#db, [
      ...entries.flatMap((entry) => this.#recordOne(entry)),
      ...[...owners].map((userId) => this.#trimRecent(userId)),
    ]);
  }

  #recordOne({ row, source }: Entry): Statement[] {
    // Before the row itself: what is there and counted, or there under another track, must not count.
    const isNew = sql`NOT EXISTS (SELECT 1 FROM ${plays} WHERE ${plays.id} = ${row.id}
      AND (${plays.isCounted} = 1 OR ${plays.trackId} <> ${row.trackId}))`;
    const upsert = this.#db
      .insert(plays)
      .values(row)
      .onConflictDoUpdate({
        target: plays.id,
        set: {
          listenedSeconds: sql`max(${plays.listenedSeconds}, excluded.listened_seconds)`,
          isCounted: sql`max(${plays.isCounted}, excluded.is_counted)`,
        },
        setWhere: sql`${plays.trackId} = excluded.track_id AND (excluded.listened_seconds > ${plays.listenedSeconds}
          OR excluded.is_counted > ${plays.isCounted})`,
      });
    return [
      ...(row.isCounted ? [this.#addPlays(row.trackId, 1, isNew)] : []),
      upsert,
      ...(row.userId === null ? [] : [this.#noteSource(row.userId, row, source)]),
    ];
  }

  /** Notes what was played from, unless the play was taken out of the history meanwhile. */
  #noteSource(userId: string, { id, startedAtMs }: PlayRow, source: Entry['source']): Statement {
    const isKept = sql`EXISTS (SELECT 1 FROM ${plays} WHERE ${plays.id} = ${id} AND ${plays.userId} = ${userId})`;
    return this.#db
      .insert(recentSources)
      .select(sql`SELECT ${userId}, ${source.kind}, ${source.id}, ${startedAtMs}, ${id} WHERE ${isKept}`)
      .onConflictDoUpdate({
        target: [recentSources.userId, recentSources.sourceId],
        set: { playedAtMs: sql`excluded.played_at_ms`, playId: sql`excluded.play_id` },
        setWhere: sql`excluded.played_at_ms > ${recentSources.playedAtMs}`,
      });
  }

  #trimRecent(userId: string): Statement {
    const oldestKept = this.#db
      .select({ at: recentSources.playedAtMs })
      .from(recentSources)
      .where(eq(recentSources.userId, userId))
      .orderBy(desc(recentSources.playedAtMs))
      .limit(1)
      .offset(RECENT_KEPT - 1);
    return this.#db
      .delete(recentSources)
      .where(and(eq(recentSources.userId, userId), lt(recentSources.playedAtMs, sql`(${oldestKept})`)));
  }

  /** Returns somebody's history, newest first, one more than asked for where there are more. */
  list(userId: string, { cursor, limit }: TimePageRequest): Promise<PlayRow[]> {
    return this.#db
      .select()
      .from(plays)
      .where(and(eq(plays.userId, userId), before(cursor)))
      .orderBy(desc(plays.startedAtMs), desc(plays.id))
      .limit(limit + 1);
  }

  /** Returns those of somebody's newest plays in which all words occur, newest first, one more than asked for. */
  search(userId: string, words: readonly string[], { cursor, limit }: TimePageRequest): Promise<PlayRow[]> {
    const newest = this.#db
      .select()
      .from(plays)
      .where(eq(plays.userId, userId))
      .orderBy(desc(plays.startedAtMs), desc(plays.id))
      .limit(SEARCHED_PLAYS)
      .as('newest');
    const hasAll = words.map((word) => sql`instr(${newest.searchText}, ${word}) > 0`);
    return this.#db
      .select()
      .from(newest)
      .where(
        and(...hasAll, cursor && sql`(${newest.startedAtMs}, ${newest.id}) < (${cursor.atMs}, ${cursor.id})`),
      )
      .orderBy(desc(newest.startedAtMs), desc(newest.id))
      .limit(limit + 1);
  }

  /** Takes somebody out of one of their plays, which goes on counting; returns whether there was one. */
  async forget(userId: string, playId: string): Promise<boolean> {
    const isTheirs = and(eq(plays.id, playId), eq(plays.userId, userId));
    const [, forgotten] = await runBatch(this.#db, [
      this.#db
        .delete(recentSources)
        .where(and(eq(recentSources.userId, userId), eq(recentSources.playId, playId))),
      this.#db.update(plays).set(NOBODY).where(isTheirs),
    ]);
    return (forgotten?.meta.changes ?? 0) > 0;
  }

  /** Takes somebody out of some of their plays in a stretch; returns whether none is left in it. */
  async forgetSome(userId: string, stretch: Stretch, limit = ROWS_AT_ONCE): Promise<boolean> {
    const some = this.#db
      .select({ id: plays.id })
      .from(plays)
      .where(and(eq(plays.userId, userId), within(plays.startedAtMs, stretch)))
      .limit(limit);
    const [, forgotten] = await runBatch(this.#db, [
      this.#db
        .delete(recentSources)
        .where(and(eq(recentSources.userId, userId), within(recentSources.playedAtMs, stretch))),
      this.#db.update(plays).set(NOBODY).where(inArray(plays.id, some)),
    ]);
    return (forgotten?.meta.changes ?? 0) < limit;
  }

  /** Removes some of everybody's plays of a track that is going, for good; returns whether none is left. */
  async forgetTrack(trackId: string, limit: number): Promise<boolean> {
    const some = this.#db.select({ id: plays.id }).from(plays).where(eq(plays.trackId, trackId)).limit(limit);
    const [, forgotten] = await runBatch(this.#db, [
      this.#db.delete(recentSources).where(eq(recentSources.sourceId, trackId)),
      this.#db.delete(plays).where(inArray(plays.id, some)),
    ]);
    return (forgotten?.meta.changes ?? 0) < limit;
  }

  /** Returns what somebody played from last, newest first. */
  listRecent(userId: string, limit: number): Promise<RecentRow[]> {
    return this.#db
      .select()
      .from(recentSources)
      .where(eq(recentSources.userId, userId))
      .orderBy(desc(recentSources.playedAtMs), desc(recentSources.sourceId))
      .limit(limit);
  }

  /** Returns whether somebody wants nothing in their history. */
  async isPaused(userId: string): Promise<boolean> {
    const row = await this.#db
      .select({ isPaused: historySettings.isPaused })
      .from(historySettings)
      .where(eq(historySettings.userId, userId))
      .get();
    return row?.isPaused ?? false;
  }

  async setPaused(userId: string, isPaused: boolean, nowMs: number): Promise<void> {
    const change = { isPaused, changedAtMs: nowMs };
    await this.#db
      .insert(historySettings)
      .values({ userId, ...change })
      .onConflictDoUpdate({ target: historySettings.userId, set: change });
  }

  async eraseSettings(userId: string): Promise<void> {
    await this.#db.delete(historySettings).where(eq(historySettings.userId, userId));
  }
}

/** What a play becomes when nobody is to know whose it was; a private playlist would tell. */
const NOBODY = { userId: null, sourceId: null, searchText: '' };

function before(cursor: TimePageRequest['cursor']): SQL | undefined {
  return cursor && sql`(${plays.startedAtMs}, ${plays.id}) < (${cursor.atMs}, ${cursor.id})`;
}

function within(
  column: typeof plays.startedAtMs | typeof recentSources.playedAtMs,
  { afterMs, beforeMs }: Stretch,
): SQL | undefined {
  return and(
    afterMs === null ? undefined : gte(column, afterMs),
    beforeMs === null ? undefined : lt(column, beforeMs),
  );
}
