import { and, asc, desc, eq, isNotNull, or, sql } from 'drizzle-orm';
import type { Position } from '../../../platform/cursor.ts';
import type { Database } from '../../../platform/db.ts';
import { artists } from '../artists/artist-tables.ts';
import { isMember } from '../is-member.ts';
import { credits, labels, releaseLabels, releases } from '../releases/release-tables.ts';
import { tracks } from '../tracks/track-tables.ts';
import { after, artistLinkColumns, releaseLinkColumns } from './artist-queries.ts';

const TRACKS_OF_A_RELEASE = 200;
const CREDITS_OF_A_RELEASE = 1000;

/** How a release is named: by its id, or by its slug among its artist's. */
export type ReleaseRef = { releaseId: string } | { artistId: string; releaseSlug: string };

/** Returns a release that is public, or whose artist the viewer is a member of. */
export async function findRelease(db: Database, ref: ReleaseRef, viewerId: string | null) {
  const isNamed =
    'releaseId' in ref
      ? eq(releases.id, ref.releaseId)
      : and(eq(releases.artistId, artistIdOf(db, ref.artistId)), eq(releases.slug, ref.releaseSlug));
  const isVisible = or(isNotNull(releases.listedAtMs), isMember(releases.artistId, viewerId));
  const row = await db
    .select({ release: releases, artist: artistLinkColumns })
    .from(releases)
    .innerJoin(artists, eq(artists.id, releases.artistId))
    .where(and(isNamed, isVisible))
    .get();
  return row ?? null;
}

function artistIdOf(db: Database, ref: string) {
  if (ref.startsWith('art_')) return ref;
  return sql`(${db.select({ id: artists.id }).from(artists).where(eq(artists.slug, ref))})`;
}

const creditColumns = {
  trackId: credits.trackId,
  name: credits.name,
  role: credits.role,
  artist: artistLinkColumns,
};

/** Who is credited has a page only while that is public. */
const creditedArtist = and(eq(artists.id, credits.artistId), isNotNull(artists.listedAtMs));

// Not `db.batch`: of a batch D1 answers objects, in which Drizzle loses columns that share a name.
/** Returns what a release's page shows beside its row, read side by side; `onlyListed` leaves out what is not public. */
export async function partsOfRelease(db: Database, releaseId: string, onlyListed: boolean) {
  const [tracksOn, credited, labelled] = await Promise.all([
    db
      .select()
      .from(tracks)
      .where(and(eq(tracks.releaseId, releaseId), onlyListed ? isNotNull(tracks.listedAtMs) : undefined))
      .orderBy(asc(tracks.discNumber), asc(tracks.trackNumber), asc(tracks.id))
      .limit(TRACKS_OF_A_RELEASE),
    db
      .select(creditColumns)
      .from(credits)
      .leftJoin(artists, creditedArtist)
      .where(eq(credits.releaseId, releaseId))
      .orderBy(asc(credits.position))
      .limit(CREDITS_OF_A_RELEASE),
    labelsOf(db, releaseId),
  ]);
  return { tracksOn, credited, labelled };
}

/** Query of the genres and tags of a release, in their order. */
export function labelsOf(db: Database, releaseId: string | null) {
  return db
    .select({ kind: labels.kind, slug: labels.slug, name: labels.name })
    .from(releaseLabels)
    .innerJoin(labels, and(eq(labels.kind, releaseLabels.kind), eq(labels.slug, releaseLabels.slug)))
    .where(eq(releaseLabels.releaseId, releaseId ?? ''))
    .orderBy(asc(releaseLabels.position));
}

/** Query of the credits of one track. */
export function creditsOfTrack(db: Database, trackId: string) {
  return db
    .select(creditColumns)
    .from(credits)
    .leftJoin(artists, creditedArtist)
    .where(eq(credits.trackId, trackId))
    .orderBy(asc(credits.position))
    .limit(CREDITS_OF_A_RELEASE);
}

/** Query of public releases, newest first. */
export function newestReleases(db: Database, page: { position: Position | undefined; limit: number }) {
  return db
    .select({ release: releases, artist: artistLinkColumns })
    .from(releases)
    .innerJoin(artists, eq(artists.id, releases.artistId))
    .where(and(isNotNull(releases.listedAtMs), after(page.position, releases.listedAtMs, releases.id)))
    .orderBy(desc(releases.listedAtMs), desc(releases.id))
    .limit(page.limit + 1);
}

/** Query of public tracks, most played first. */
export function mostPlayedTracks(db: Database, limit: number) {
  return db
    .select({ track: tracks, release: releaseLinkColumns, artist: artistLinkColumns })
    .from(tracks)
    .leftJoin(releases, eq(releases.id, tracks.releaseId))
    .leftJoin(artists, eq(artists.id, tracks.artistId))
    .where(isNotNull(tracks.listedAtMs))
    .orderBy(desc(tracks.playCount), desc(tracks.id))
    .limit(limit);
}
