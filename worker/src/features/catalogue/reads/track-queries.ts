import { and, eq, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../platform/db.ts';
import { artists } from '../artists/artist-tables.ts';
import { isMember } from '../is-member.ts';
import { releases } from '../releases/release-tables.ts';
import { trackLyrics, tracks } from '../tracks/track-tables.ts';
import { artistLinkColumns, releaseLinkColumns } from './artist-queries.ts';
import { creditsOfTrack, labelsOf } from './release-queries.ts';

/** A track is public, or seen by whoever uploaded it and the members of its artist. */
function isVisibleTo(viewerId: string | null): SQL | undefined {
  if (viewerId === null) return isNotNull(tracks.listedAtMs);
  return or(isNotNull(tracks.listedAtMs), eq(tracks.ownerId, viewerId), isMember(tracks.artistId, viewerId));
}

/** Returns a track that the viewer may see with its release and artist. */
export async function findTrack(db: Database, trackId: string, viewerId: string | null) {
  const row = await db
    .select({
      track: tracks,
      release: releaseLinkColumns,
      releaseLicence: releases.licence,
      artist: artistLinkColumns,
    })
    .from(tracks)
    .leftJoin(releases, eq(releases.id, tracks.releaseId))
    .leftJoin(artists, eq(artists.id, tracks.artistId))
    .where(and(eq(tracks.id, trackId), isVisibleTo(viewerId)))
    .get();
  return row ?? null;
}

/** Returns what a track's page shows beside its row, read side by side. */
export async function partsOfTrack(db: Database, trackId: string, releaseId: string | null) {
  const [credited, labelled, [words]] = await Promise.all([
    creditsOfTrack(db, trackId),
    labelsOf(db, releaseId),
    db
      .select({
        lyrics: sql<'plain' | 'synced' | 'none'>`CASE WHEN lrc IS NOT NULL THEN 'synced'
          WHEN plain IS NOT NULL THEN 'plain' ELSE 'none' END`,
      })
      .from(trackLyrics)
      .where(eq(trackLyrics.trackId, trackId)),
  ]);
  return { credited, labelled, lyrics: words?.lyrics ?? 'none' };
}

/** Returns the words of a track that the viewer may see; null where there are none. */
export async function findLyrics(db: Database, trackId: string, viewerId: string | null) {
  const row = await db
    .select({ plain: trackLyrics.plain, lrc: trackLyrics.lrc })
    .from(tracks)
    .innerJoin(trackLyrics, eq(trackLyrics.trackId, tracks.id))
    .where(
      and(
        eq(tracks.id, trackId),
        isVisibleTo(viewerId),
        or(isNotNull(trackLyrics.plain), isNotNull(trackLyrics.lrc)),
      ),
    )
    .get();
  return row ?? null;
}
