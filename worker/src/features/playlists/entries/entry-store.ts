import { and, asc, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import { type Database, plainStatement, runBatch, type Statement } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { MAX_ENTRIES } from '../policy.ts';
import { positionsBetween } from '../positions.ts';
import { playlistEntries } from '../tables.ts';

export type EntryRow = typeof playlistEntries.$inferSelect;

/** A track to be put in. */
export interface NewEntry {
  entryId: string;
  trackId: string;
  durationSeconds: number;
}

/** Where entries go: behind one of them, to the start (null), to the end (undefined). */
export type Place = string | null | undefined;

/** Who changes what. */
export interface Change {
  playlistId: string;
  userId: string;
  nowMs: number;
}

/** Rows that one statement takes; its JSON stays well below what D1 binds. */
const ROWS_AT_ONCE = 2000;

/**
 * The only writer of `playlist_entries`. Every change is one batch: first the playlist's row, if somebody may change it
 * and it does not grow too long; then the entries, if the row says that it was this change that came through.
 */
export class EntryStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns entries in their order behind the key `after`, one more than asked for. */
  list(playlistId: string, after: [string, string] | null, limit: number): Promise<EntryRow[]> {
    return this.#db
      .select()
      .from(playlistEntries)
      .where(
        and(
          eq(playlistEntries.playlistId, playlistId),
          isNull(playlistEntries.removedAtMs),
          after === null
            ? undefined
            : sql`(${playlistEntries.position}, ${playlistEntries.id}) > (${after[0]}, ${after[1]})`,
        ),
      )
      .orderBy(playlistEntries.position, playlistEntries.id)
      .limit(limit + 1)
      .all();
  }

  /** Returns entries of a playlist by id, also such as were removed. */
  findMany(playlistId: string, entryIds: readonly string[]): Promise<EntryRow[]> {
    return this.#db
      .select()
      .from(playlistEntries)
      .where(
        sql`${playlistEntries.id} IN (SELECT value FROM json_each(${JSON.stringify(entryIds)}))
          AND ${playlistEntries.playlistId} = ${playlistId}`,
      )
      .all();
  }

  /** Returns which of these tracks are in the playlist already, by entries other than those named. */
  async tracksWithin(
    playlistId: string,
    trackIds: readonly string[],
    exceptEntryIds: readonly string[],
  ): Promise<Set<string>> {
    const rows = await this.#db.all<{ trackId: string }>(sql`SELECT DISTINCT e.track_id AS trackId
      FROM (SELECT DISTINCT value FROM json_each(${JSON.stringify(trackIds)})) AS wanted
      CROSS JOIN playlist_entries e ON e.playlist_id = ${playlistId} AND e.track_id = wanted.value
        AND e.removed_at_ms IS NULL
      WHERE e.id NOT IN (SELECT value FROM json_each(${JSON.stringify(exceptEntryIds)}))`);
    return new Set(rows.map(({ trackId }) => trackId));
  }

  /** Returns keys for `count` entries at a place; null where there is no such entry to stand behind. */
  async #positions(playlistId: string, place: Place, count: number): Promise<string[] | null> {
    const edge = async (order: SQL, condition?: SQL) => {
      const row = await this.#db
        .select({ position: playlistEntries.position })
        .from(playlistEntries)
        .where(
          and(eq(playlistEntries.playlistId, playlistId), isNull(playlistEntries.removedAtMs), condition),
        )
        .orderBy(order)
        .limit(1)
        .get();
      return row?.position ?? null;
    };
    if (place === undefined) return positionsBetween(await edge(desc(playlistEntries.position)), null, count);
    if (place === null) return positionsBetween(null, await edge(asc(playlistEntries.position)), count);
    const [before] = await this.findMany(playlistId, [place]);
    if (before === undefined) return null;
    const next = await edge(asc(playlistEntries.position), gt(playlistEntries.position, before.position));
    return positionsBetween(before.position, next, count);
  }

  /** The first statement of a change: `FROM counted(count, seconds)` says by how much the playlist grows. */
  #gate({ playlistId, userId, nowMs }: Change, change: string, counted: SQL): Statement {
    return plainStatement(
      this.#db,
      sql`UPDATE playlists SET last_change = ${change}, updated_at_ms = ${nowMs},
        entry_count = entry_count + counted.count, duration_seconds = max(0, duration_seconds + counted.seconds)
      FROM (${counted}) AS counted
      WHERE id = ${playlistId} AND deleted_at_ms IS NULL AND rules IS NULL
        AND (counted.count <= 0 OR entry_count + counted.count <= ${MAX_ENTRIES})
        AND EXISTS (SELECT 1 FROM playlist_members m WHERE m.playlist_id = ${playlistId} AND m.user_id = ${userId})`,
    );
  }

  #isThrough(playlistId: string, change: string): SQL {
    return sql`EXISTS (SELECT 1 FROM playlists p WHERE p.id = ${playlistId} AND p.last_change = ${change})`;
  }

  /** Runs a change; returns its name, or null where it did not come through. */
  async #run(change: string, statements: Statement[]): Promise<string | null> {
    const [gate] = await runBatch(this.#db, statements);
    return (gate?.meta.changes ?? 0) > 0 ? change : null;
  }

  /** Adds entries; those whose ids are known change nothing. Returns `no_place` where there is nothing to stand behind. */
  async add(
    who: Change,
    entries: readonly NewEntry[],
    place: Place,
  ): Promise<{ change: string } | 'no_place' | 'refused'> {
    const positions = await this.#positions(who.playlistId, place, entries.length);
    if (positions === null) return 'no_place';
    const rows = entries.map((entry, index) => ({ ...entry, position: positions[index] }));
    let last = '';
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const json = JSON.stringify(rows.slice(from, from + ROWS_AT_ONCE));
      const change = newId('req');
      const counted = sql`SELECT count(*) AS count, ifnull(sum(j.value ->> 'durationSeconds'), 0) AS seconds
        FROM json_each(${json}) j
        WHERE NOT EXISTS (SELECT 1 FROM playlist_entries e WHERE e.id = j.value ->> 'entryId')`;
      const done = await this.#run(change, [
        this.#gate(who, change, counted),
        plainStatement(
          this.#db,
          sql`INSERT OR IGNORE INTO playlist_entries
          (id, playlist_id, track_id, position, duration_seconds, added_by, added_at_ms)
          SELECT j.value ->> 'entryId', ${who.playlistId}, j.value ->> 'trackId', j.value ->> 'position',
            j.value ->> 'durationSeconds', ${who.userId}, ${who.nowMs}
          FROM json_each(${json}) j WHERE ${this.#isThrough(who.playlistId, change)}`,
        ),
      ]);
      if (done === null) return 'refused';
      last = done;
    }
    return { change: last };
  }

  /** Removes entries, or brings removed ones back to where they were; what is so already stays. */
  async setRemoved(who: Change, entryIds: readonly string[], isRemoved: boolean): Promise<string | null> {
    const { playlistId, nowMs } = who;
    const change = newId('req');
    const ids = JSON.stringify(entryIds);
    const chosen = sql`id IN (SELECT value FROM json_each(${ids})) AND playlist_id = ${playlistId}
      AND removed_at_ms IS ${isRemoved ? sql`NULL` : sql`NOT NULL`}`;
    const sign = isRemoved ? sql`-1` : sql`1`;
    const counted = sql`SELECT ${sign} * count(*) AS count, ${sign} * ifnull(sum(duration_seconds), 0) AS seconds
      FROM playlist_entries WHERE ${chosen}`;
    return this.#run(change, [
      this.#gate(who, change, counted),
      plainStatement(
        this.#db,
        sql`UPDATE playlist_entries SET removed_at_ms = ${isRemoved ? nowMs : null}
        WHERE ${chosen} AND ${this.#isThrough(playlistId, change)}`,
      ),
    ]);
  }

  /** Moves entries to a place, in the order given. */
  async move(
    who: Change,
    entryIds: readonly string[],
    place: Place,
  ): Promise<{ change: string } | 'no_place' | 'refused'> {
    const { playlistId } = who;
    const positions = await this.#positions(playlistId, place, entryIds.length);
    if (positions === null) return 'no_place';
    const json = JSON.stringify(entryIds.map((entryId, index) => ({ entryId, position: positions[index] })));
    const change = newId('req');
    const done = await this.#run(change, [
      this.#gate(who, change, sql`SELECT 0 AS count, 0 AS seconds`),
      plainStatement(
        this.#db,
        sql`UPDATE playlist_entries SET position = j.value ->> 'position' FROM json_each(${json}) j
        WHERE playlist_entries.id = j.value ->> 'entryId' AND playlist_entries.playlist_id = ${playlistId}
          AND ${this.#isThrough(playlistId, change)}`,
      ),
    ]);
    return done === null ? 'refused' : { change: done };
  }
}
