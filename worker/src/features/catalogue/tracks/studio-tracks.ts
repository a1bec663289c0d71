import { and, asc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { type Database, inChunks, runBatch, type Statement } from '../../../platform/db.ts';
import { replaceCover } from '../releases/cover-statements.ts';
import { refreshRelease } from '../releases/refresh-release.ts';
import { credits } from '../releases/release-tables.ts';
import { withTyped } from '../typed-fields.ts';
import type { TrackRow } from './present.ts';
import { deletions, trackLyrics, tracks, trackVersions } from './track-tables.ts';

export type TrackChange = Partial<
  Pick<
    TrackRow,
    | 'title'
    | 'versionTitle'
    | 'artist'
    | 'isrc'
    | 'explicit'
    | 'licence'
    | 'downloadable'
    | 'discNumber'
    | 'trackNumber'
  >
>;

/** Words of a track. */
export interface Lyrics {
  plain: string | null;
  lrc: string | null;
}

/** More tracks than this one release does not have. */
export const MOST_TRACKS = 200;

/** What people change of tracks. */
export class StudioTracks {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns the tracks of a release as they were added. */
  listOf(releaseId: string): Promise<TrackRow[]> {
    return this.#db
      .select()
      .from(tracks)
      .where(eq(tracks.releaseId, releaseId))
      .orderBy(asc(tracks.id))
      .limit(MOST_TRACKS + 50);
  }

  /** Writes where tracks of a release are, all in one statement; `typed` where a person says so. */
  place(
    releaseId: string,
    places: readonly { id: string; discNumber: number; trackNumber: number }[],
    typed: readonly string[],
    guard: SQL,
  ): Statement {
    const json = JSON.stringify(
      places.map(({ id, discNumber, trackNumber }) => [id, discNumber, trackNumber]),
    );
    const field = (at: number) =>
      sql`(SELECT json_extract(p.value, ${sql.raw(`'$[${at}]'`)}) FROM json_each(${json}) p WHERE json_extract(p.value, '$[0]') = tracks.id)`;
    return this.#db
      .update(tracks)
      .set({
        discNumber: field(1) as SQL<number>,
        trackNumber: field(2) as SQL<number>,
        ...(typed.length === 0 ? {} : { typedFields: withTyped(typed) }),
      })
      .where(
        and(
          eq(tracks.releaseId, releaseId),
          sql`${tracks.id} IN (SELECT json_extract(value, '$[0]') FROM json_each(${json}))`,
          guard,
        ),
      );
  }

  /** Puts the tracks of a release in an order; false where the release does not have exactly these. */
  async reorder(
    releaseId: string,
    places: readonly { id: string; discNumber: number; trackNumber: number }[],
  ): Promise<boolean> {
    const ids = JSON.stringify(places.map(({ id }) => id));
    const areAll = sql`(SELECT count(*) FROM tracks t WHERE t.release_id = ${releaseId}) = ${places.length}
      AND (SELECT count(*) FROM tracks t WHERE t.release_id = ${releaseId} AND t.id IN (SELECT value FROM json_each(${ids}))) = ${places.length}`;
    const result = await runBatch(this.#db, [
      this.place(releaseId, places, ['discNumber', 'trackNumber'], areAll),
    ]);
    return result[0]?.meta.changes === places.length;
  }

  /** Changes fields of tracks, all of these or, where one is not of this release, none; returns whether it did. */
  async update(
    ids: readonly string[],
    change: TrackChange,
    ofRelease: string | null = null,
    alongside: readonly Statement[] = [],
  ): Promise<boolean> {
    const list = JSON.stringify(ids);
    const among = sql`IN (SELECT value FROM json_each(${list}))`;
    const areAll =
      ofRelease === null
        ? undefined
        : sql`(SELECT count(*) FROM tracks t WHERE t.release_id = ${ofRelease} AND t.id ${among}) = ${ids.length}`;
    const [changed] = await runBatch(this.#db, [
      this.#db
        .update(tracks)
        .set({ ...change, typedFields: withTyped(Object.keys(change)) })
        .where(and(sql`${tracks.id} ${among}`, areAll)),
      ...alongside,
    ]);
    return changed?.meta.changes === ids.length;
  }

  async findLyrics(trackId: string): Promise<Lyrics> {
    const row = await this.#db.select().from(trackLyrics).where(eq(trackLyrics.trackId, trackId)).get();
    return { plain: row?.plain ?? null, lrc: row?.lrc ?? null };
  }

  /** Returns which of these tracks have words. */
  async withLyrics(trackIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await inChunks(trackIds, (chunk) =>
      this.#db
        .select({ id: trackLyrics.trackId })
        .from(trackLyrics)
        .where(inArray(trackLyrics.trackId, chunk))
        .all(),
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Keeps the words of a track; none at all leaves no row. */
  async setLyrics(trackId: string, { plain, lrc }: Lyrics, nowMs: number): Promise<void> {
    if (plain === null && lrc === null) {
      await this.#db.delete(trackLyrics).where(eq(trackLyrics.trackId, trackId));
      return;
    }
    await this.#db
      .insert(trackLyrics)
      .select(
        sql`SELECT ${trackId}, ${plain}, ${lrc}, ${nowMs} WHERE EXISTS (SELECT 1 FROM tracks t WHERE t.id = ${trackId})`,
      )
      .onConflictDoUpdate({ target: trackLyrics.trackId, set: { plain, lrc, updatedAtMs: nowMs } });
  }

  /** Puts a loose track on a release, at its end; false where it is on one already, or the release is full or gone. */
  async moveInto(trackId: string, releaseId: string): Promise<boolean> {
    const guard = sql`EXISTS (SELECT 1 FROM releases r WHERE r.id = ${releaseId})
      AND (SELECT count(*) FROM tracks n WHERE n.release_id = ${releaseId}) < ${MOST_TRACKS}`;
    const ofRelease = (column: string) =>
      sql`(SELECT ${sql.raw(`r.${column}`)} FROM releases r WHERE r.id = ${releaseId})`;
    const disc = sql`(SELECT ifnull(max(n.disc_number), 1) FROM tracks n WHERE n.release_id = ${releaseId})`;
    const [moved] = await runBatch(this.#db, [
      this.#db
        .update(tracks)
        .set({
          releaseId,
          artistId: ofRelease('artist_id') as SQL<string>,
          discNumber: disc as SQL<number>,
          trackNumber: sql`(SELECT ifnull(max(n.track_number), 0) + 1 FROM tracks n WHERE n.release_id = ${releaseId} AND ifnull(n.disc_number, 1) = ${disc})`,
          listedAtMs: sql`CASE WHEN version IS NULL THEN NULL ELSE ${ofRelease('listed_at_ms')} END`,
        })
        .where(and(eq(tracks.id, trackId), isNull(tracks.releaseId), guard)),
      this.#db
        .update(credits)
        .set({ releaseId })
        .where(
          and(
            eq(credits.trackId, trackId),
            sql`EXISTS (SELECT 1 FROM tracks t WHERE t.id = ${trackId} AND t.release_id = ${releaseId})`,
          ),
        ),
      refreshRelease(this.#db, releaseId, sql`1`),
    ]);
    return moved?.meta.changes === 1;
  }

  /**
   * Takes a track away from everybody at once; its bytes wait on the list of deletions. A release whose cover came with
   * it shows another track's.
   */
  async remove(trackId: string, releaseId: string | null, nowMs: number): Promise<void> {
    const next = sql`(SELECT json_object('from', 'file', 'trackId', t.id, 'version', t.version, 'placeholder', t.artwork_placeholder,
        'colours', json_array(t.artwork_colour_1, t.artwork_colour_2)) FROM tracks t
      WHERE t.release_id = releases.id AND t.version IS NOT NULL AND t.artwork_placeholder IS NOT NULL ORDER BY t.disc_number, t.track_number, t.id LIMIT 1)`;
    await runBatch(this.#db, [
      this.#db
        .insert(deletions)
        .select(sql`SELECT t.id, ${nowMs} FROM tracks t WHERE t.id = ${trackId}`)
        .onConflictDoNothing(),
      this.#db.delete(trackLyrics).where(eq(trackLyrics.trackId, trackId)),
      this.#db.delete(trackVersions).where(eq(trackVersions.trackId, trackId)),
      this.#db.delete(credits).where(eq(credits.trackId, trackId)),
      this.#db.delete(tracks).where(eq(tracks.id, trackId)),
      ...(releaseId === null
        ? []
        : [replaceCover(this.#db, releaseId, trackId, next), refreshRelease(this.#db, releaseId, sql`1`)]),
    ]);
  }
}
