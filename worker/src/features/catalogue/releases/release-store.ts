import { and, desc, eq, lte, type SQL, sql } from 'drizzle-orm';
import { type Database, runBatch, type Statement } from '../../../platform/db.ts';
import { notFound } from '../../../platform/errors.ts';
import type { PicturePlace } from '../../../platform/picture-swap.ts';
import type { OwnArtist } from '../artists/artist-store.ts';
import { artistMembers, artists } from '../artists/artist-tables.ts';
import { deletions, trackLyrics, tracks, trackVersions } from '../tracks/track-tables.ts';
import { withTyped } from '../typed-fields.ts';
import { countLabels } from './label-statements.ts';
import {
  credits,
  type RELEASE_STATES,
  type ReleaseArtwork,
  releaseLabels,
  releases,
} from './release-tables.ts';

export type ReleaseRow = typeof releases.$inferSelect;
export type ReleaseState = (typeof RELEASE_STATES)[number];

/** A release as a member of its artist sees it. */
export interface OwnRelease extends OwnArtist {
  release: ReleaseRow;
}

export type ReleaseChange = Partial<
  Pick<ReleaseRow, 'title' | 'kind' | 'artwork' | 'releaseDate' | 'label' | 'upc' | 'licence' | 'description'>
>;

/** The only writer of `releases` and of what hangs on them. */
export class ReleaseStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async create(row: typeof releases.$inferInsert): Promise<void> {
    await this.db.insert(releases).values(row);
  }

  /** Returns a release of an artist whom this person is a member of; null also where there is none. */
  async findOwn(releaseId: string, userId: string): Promise<OwnRelease | null> {
    const row = await this.#own(userId).where(eq(releases.id, releaseId)).get();
    return row ?? null;
  }

  /**
   * Returns releases of all artists of a person, the newest first, one more than asked for where there are more. Of
   * each artist no more than that are read.
   */
  listOwn(
    userId: string,
    page: { state?: ReleaseState | undefined; cursor?: string | undefined; limit: number },
  ): Promise<OwnRelease[]> {
    const { state, cursor, limit } = page;
    const isAmongTheNewest = sql`${releases.id} IN (SELECT n.id FROM releases n WHERE n.artist_id = ${artistMembers.artistId}
      ${cursor === undefined ? sql`` : sql`AND n.id < ${cursor}`} ${state === undefined ? sql`` : sql`AND n.state = ${state}`}
      ORDER BY n.id DESC LIMIT ${limit + 1})`;
    return this.#own(userId)
      .where(isAmongTheNewest)
      .orderBy(desc(releases.id))
      .limit(limit + 1);
  }

  #own(userId: string) {
    return this.db
      .select({ release: releases, artist: artists, role: artistMembers.role })
      .from(artistMembers)
      .innerJoin(
        releases,
        and(eq(releases.artistId, artistMembers.artistId), eq(artistMembers.userId, userId)),
      )
      .innerJoin(artists, eq(artists.id, releases.artistId))
      .$dynamic();
  }

  /** Changes fields and notes that a person typed them. `alongside` shares the batch. */
  async update(
    releaseId: string,
    change: ReleaseChange,
    typed: readonly string[],
    nowMs: number,
    alongside: readonly Statement[] = [],
  ): Promise<void> {
    await runBatch(this.db, [
      this.db
        .update(releases)
        .set({ ...change, typedFields: withTyped(typed), updatedAtMs: nowMs })
        .where(eq(releases.id, releaseId)),
      ...alongside,
    ]);
  }

  /** Where a release's cover stands; one that came with a file is nobody's to remove. */
  artworkOf(releaseId: string): PicturePlace {
    return {
      read: async () => {
        const row = await this.db
          .select({ artwork: releases.artwork })
          .from(releases)
          .where(eq(releases.id, releaseId))
          .get();
        if (row === undefined) throw notFound();
        return row.artwork?.from === 'person' ? row.artwork : null;
      },
      write: async (from, to) => {
        const artwork: ReleaseArtwork | null = to && { ...to, from: 'person' };
        const isSame = sql`json_extract(${releases.artwork}, '$.imageId') IS ${from?.imageId ?? null}`;
        const result = await this.db
          .update(releases)
          .set({ artwork, typedFields: withTyped(['artwork']), updatedAtMs: Date.now() })
          .where(and(eq(releases.id, releaseId), isSame));
        return result.meta.changes === 1;
      },
    };
  }

  /** Sets when a release comes out; false where it is in none of `from`. */
  async schedule(
    releaseId: string,
    from: readonly ReleaseState[],
    at: { publishAtMs: number; timeZone: string } | null,
    nowMs: number,
    alongside: (guard: SQL) => readonly Statement[] = () => [],
  ): Promise<boolean> {
    const guard = and(isIn(releaseId, from), at === null ? undefined : isComplete(releaseId)) ?? sql`0`;
    const results = await runBatch(this.db, [
      ...alongside(guard),
      this.db
        .update(releases)
        .set({
          state: at === null ? 'draft' : 'scheduled',
          publishAtMs: at?.publishAtMs ?? null,
          timeZone: at?.timeZone ?? null,
          updatedAtMs: nowMs,
        })
        .where(and(eq(releases.id, releaseId), guard)),
    ]);
    return results.at(-1)?.meta.changes === 1;
  }

  /**
   * Makes a release public with all that hangs on it, once; false where `guard` does not hold any more. The last
   * statement ends what the guard asks for, so that whoever comes second changes nothing.
   */
  async publish(
    releaseId: string,
    guard: SQL,
    { slug, nowMs }: { slug: string | null; nowMs: number },
    alongside: readonly ((guard: SQL) => Statement)[] = [],
  ): Promise<boolean> {
    const isMine = slug === null ? undefined : isSlugFree(releaseId, slug);
    const holds = and(guard, isComplete(releaseId), isMine) ?? sql`0`;
    const ofIt = sql`(SELECT r.artist_id FROM releases r WHERE r.id = ${releaseId})`;
    const results = await runBatch(this.db, [
      ...alongside.map((statement) => statement(holds)),
      countLabels(this.db, releaseId, 1, holds),
      this.db
        .update(releaseLabels)
        .set({ listedAtMs: nowMs })
        .where(and(eq(releaseLabels.releaseId, releaseId), holds)),
      this.db
        .update(tracks)
        .set({ listedAtMs: nowMs })
        .where(and(eq(tracks.releaseId, releaseId), holds)),
      this.db
        .update(artists)
        .set({ listedAtMs: sql`ifnull(${artists.listedAtMs}, ${nowMs})` })
        .where(and(sql`${artists.id} = ${ofIt}`, holds)),
      this.db
        .update(releases)
        .set({
          state: 'published',
          listedAtMs: nowMs,
          updatedAtMs: nowMs,
          publishAtMs: null,
          ...(slug === null ? {} : { slug }),
          releaseDate: sql`ifnull(${releases.releaseDate}, ${new Date(nowMs).toISOString().slice(0, 10)})`,
        })
        .where(and(eq(releases.id, releaseId), holds)),
    ]);
    return results.at(-1)?.meta.changes === 1;
  }

  /** Makes a public release private with all that hangs on it; false where it is not public. */
  async withdraw(releaseId: string, nowMs: number): Promise<boolean> {
    const guard = isIn(releaseId, ['published']);
    const ofIt = sql`(SELECT r.artist_id FROM releases r WHERE r.id = ${releaseId})`;
    const hasOthers = sql`EXISTS (SELECT 1 FROM releases o WHERE o.artist_id = ${ofIt} AND o.listed_at_ms IS NOT NULL AND o.id <> ${releaseId})`;
    const results = await runBatch(this.db, [
      countLabels(this.db, releaseId, -1, guard),
      this.db
        .update(releaseLabels)
        .set({ listedAtMs: null })
        .where(and(eq(releaseLabels.releaseId, releaseId), guard)),
      this.db
        .update(tracks)
        .set({ listedAtMs: null })
        .where(and(eq(tracks.releaseId, releaseId), guard)),
      this.db
        .update(artists)
        .set({ listedAtMs: null })
        .where(and(sql`${artists.id} = ${ofIt}`, sql`NOT ${hasOthers}`, guard)),
      this.db
        .update(releases)
        .set({ state: 'withdrawn', listedAtMs: null, updatedAtMs: nowMs })
        .where(and(eq(releases.id, releaseId), guard)),
    ]);
    return results.at(-1)?.meta.changes === 1;
  }

  /** Returns scheduled releases whose time has come. */
  due(nowMs: number, limit: number): Promise<ReleaseRow[]> {
    return (
      this.db
        .select()
        .from(releases)
        // Written out, because a partial index does not know what a parameter will be.
        .where(and(sql`state = 'scheduled'`, lte(releases.publishAtMs, nowMs)))
        .orderBy(releases.publishAtMs)
        .limit(limit)
    );
  }

  /** Removes a release that nobody else sees; it and its tracks wait for their bytes to be removed. False where it is public. */
  async remove(releaseId: string, nowMs: number, states: readonly ReleaseState[]): Promise<boolean> {
    const guard = isIn(releaseId, states);
    const ofIt = sql`IN (SELECT t.id FROM tracks t WHERE t.release_id = ${releaseId})`;
    const results = await runBatch(this.db, [
      this.db
        .insert(deletions)
        .select(
          sql`SELECT t.id, ${nowMs} FROM tracks t WHERE t.release_id = ${releaseId} AND ${guard} UNION ALL SELECT ${releaseId}, ${nowMs} WHERE ${guard}`,
        )
        .onConflictDoNothing(),
      this.db.delete(trackLyrics).where(and(sql`${trackLyrics.trackId} ${ofIt}`, guard)),
      this.db.delete(trackVersions).where(and(sql`${trackVersions.trackId} ${ofIt}`, guard)),
      this.db.delete(credits).where(and(eq(credits.releaseId, releaseId), guard)),
      this.db.delete(releaseLabels).where(and(eq(releaseLabels.releaseId, releaseId), guard)),
      this.db.delete(tracks).where(and(eq(tracks.releaseId, releaseId), guard)),
      this.db.delete(releases).where(and(eq(releases.id, releaseId), guard)),
    ]);
    return results.at(-1)?.meta.changes === 1;
  }

  /** Returns releases of an artist, some of them. */
  listOf(artistId: string, limit: number): Promise<ReleaseRow[]> {
    return this.db.select().from(releases).where(eq(releases.artistId, artistId)).limit(limit);
  }
}

/** True while a release is in one of these states. */
export function isIn(releaseId: string, states: readonly ReleaseState[]): SQL {
  return sql`EXISTS (SELECT 1 FROM releases s WHERE s.id = ${releaseId} AND s.state IN ${states})`;
}

/** True for a release that lacks nothing. See `checklistOf`, which says in words what this decides. */
function isComplete(releaseId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM releases c WHERE c.id = ${releaseId} AND c.title <> ''
      AND (c.artwork IS NOT NULL OR EXISTS (SELECT 1 FROM json_each(c.typed_fields) WHERE value = 'artwork')))
    AND EXISTS (SELECT 1 FROM tracks c WHERE c.release_id = ${releaseId})
    AND NOT EXISTS (SELECT 1 FROM tracks c WHERE c.release_id = ${releaseId} AND c.version IS NULL)`;
}

function isSlugFree(releaseId: string, slug: string): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM releases o WHERE o.slug = ${slug} AND o.id <> ${releaseId}
    AND o.artist_id = (SELECT r.artist_id FROM releases r WHERE r.id = ${releaseId}))`;
}
