import { eq, inArray, sql } from 'drizzle-orm';
import type { ArtistCard, ReleaseCard, TrackCard } from '../../platform/cards.ts';
import { type Database, inChunks } from '../../platform/db.ts';
import { presentImage } from '../../platform/images.ts';
import { artists } from './artists/artist-tables.ts';
import { isMember } from './is-member.ts';
import { presentReleaseArtwork } from './releases/present-artwork.ts';
import { releases } from './releases/release-tables.ts';
import { trackArtwork } from './tracks/present.ts';
import { tracks } from './tracks/track-tables.ts';

/** Returns the cards of tracks that are public, or that `viewerId` made or is a member for. */
export async function findTrackCards(
  db: Database,
  ids: readonly string[],
  viewerId: string | null,
): Promise<Map<string, TrackCard>> {
  const rows = await inChunks(ids, (chunk) =>
    db
      .select({
        track: tracks,
        release: { id: releases.id, slug: releases.slug, title: releases.title, artwork: releases.artwork },
        artist: { id: artists.id, slug: artists.slug, name: artists.name },
      })
      .from(tracks)
      .leftJoin(releases, eq(releases.id, tracks.releaseId))
      .leftJoin(artists, eq(artists.id, tracks.artistId))
      .where(
        sql`${inArray(tracks.id, chunk)} AND (${tracks.listedAtMs} IS NOT NULL
          OR ${tracks.ownerId} = ${viewerId} OR ${isMember(tracks.artistId, viewerId)})`,
      )
      .all(),
  );
  return new Map(rows.map((row) => [row.track.id, presentTrackCard(row)]));
}

/** What a track's card is made of. */
export interface TrackCardRow {
  track: typeof tracks.$inferSelect;
  release: Pick<typeof releases.$inferSelect, 'id' | 'slug' | 'title' | 'artwork'> | null;
  artist: Pick<typeof artists.$inferSelect, 'id' | 'slug' | 'name'> | null;
}

/** Returns the card of a track. */
export function presentTrackCard({ track, release, artist }: TrackCardRow): TrackCard {
  return {
    trackId: track.id,
    title: track.title,
    versionTitle: track.versionTitle,
    artistName: track.artist ?? artist?.name ?? null,
    artist: artist && { artistId: artist.id, slug: artist.slug, name: artist.name },
    release: release && { releaseId: release.id, slug: release.slug, title: release.title },
    discNumber: track.discNumber,
    trackNumber: track.trackNumber,
    durationSeconds: track.durationSeconds,
    explicit: track.explicit,
    artwork: presentReleaseArtwork(release?.artwork ?? null) ?? trackArtwork(track),
  };
}

/** Returns the cards of releases that are public, or whose artist `viewerId` is a member of. */
export async function findReleaseCards(
  db: Database,
  ids: readonly string[],
  viewerId: string | null,
): Promise<Map<string, ReleaseCard>> {
  const rows = await inChunks(ids, (chunk) =>
    db
      .select({ release: releases, artist: { id: artists.id, slug: artists.slug, name: artists.name } })
      .from(releases)
      .innerJoin(artists, eq(artists.id, releases.artistId))
      .where(
        sql`${inArray(releases.id, chunk)} AND (${releases.listedAtMs} IS NOT NULL OR ${isMember(releases.artistId, viewerId)})`,
      )
      .all(),
  );
  return new Map(rows.map((row) => [row.release.id, presentReleaseCard(row)]));
}

/** What a release's card is made of. */
export interface ReleaseCardRow {
  release: typeof releases.$inferSelect;
  artist: Pick<typeof artists.$inferSelect, 'id' | 'slug' | 'name'>;
}

/** Returns the card of a release. */
export function presentReleaseCard({ release, artist }: ReleaseCardRow): ReleaseCard {
  return {
    releaseId: release.id,
    slug: release.slug,
    title: release.title,
    kind: release.kind,
    artist: { artistId: artist.id, slug: artist.slug, name: artist.name },
    artwork: presentReleaseArtwork(release.artwork),
    releaseDate: release.releaseDate,
    trackCount: release.trackCount,
    durationSeconds: release.durationSeconds,
  };
}

/** Returns the cards of artists who have something public, or whom `viewerId` is a member of. */
export async function findArtistCards(
  db: Database,
  ids: readonly string[],
  viewerId: string | null,
): Promise<Map<string, ArtistCard>> {
  const rows = await inChunks(ids, (chunk) =>
    db
      .select()
      .from(artists)
      .where(
        sql`${inArray(artists.id, chunk)} AND (${artists.listedAtMs} IS NOT NULL OR ${isMember(artists.id, viewerId)})`,
      )
      .all(),
  );
  return new Map(rows.map((row) => [row.id, presentArtistCard(row)]));
}

/** Returns the card of an artist. */
export function presentArtistCard(row: typeof artists.$inferSelect): ArtistCard {
  return {
    artistId: row.id,
    slug: row.slug,
    name: row.name,
    avatar: row.avatar && presentImage(row.avatar),
    verified: row.verifiedAtMs !== null,
  };
}
