import type { PublicAnswer } from '../../../platform/cache/answer-cache.ts';
import { artistTag, LISTS } from '../../../platform/cache/tags.ts';
import { cutPage, positionOf } from '../../../platform/cursor.ts';
import type { Database } from '../../../platform/db.ts';
import { presentReleaseCard, presentTrackCard } from '../cards.ts';
import { appearances, discography, findArtist, popularTracks } from './artist-queries.ts';
import { presentArtist } from './present.ts';
import type { ListQuery } from './schemas.ts';

type ReleaseKind = 'album' | 'ep' | 'single' | 'compilation';

/** Returns an artist's page. */
export async function artistAnswer(db: Database, ref: string, viewerId: string | null) {
  const artist = await findArtist(db, ref, viewerId);
  return artist && { value: presentArtist(artist), tags: [artistTag(artist.id)] };
}

/** Returns a page of an artist's public releases. */
export async function discographyAnswer(
  db: Database,
  ref: string,
  query: ListQuery & { kind?: ReleaseKind | undefined },
  viewerId: string | null,
): Promise<PublicAnswer | null> {
  const artist = await findArtist(db, ref, viewerId);
  if (artist === null) return null;
  const { cursor, limit, kind } = query;
  const found = await discography(db, artist.id, { kind, position: positionOf(cursor), limit });
  const { rows, nextCursor } = cutPage(found, limit, ({ release }) => [release.listedAtMs ?? 0, release.id]);
  return { value: { items: rows.map(presentReleaseCard), nextCursor }, tags: [artistTag(artist.id)] };
}

/** Returns a page of an artist's public tracks, most played first. */
export async function popularAnswer(
  db: Database,
  ref: string,
  { cursor, limit }: ListQuery,
  viewerId: string | null,
): Promise<PublicAnswer | null> {
  const artist = await findArtist(db, ref, viewerId);
  if (artist === null) return null;
  const found = await popularTracks(db, artist.id, { position: positionOf(cursor), limit });
  const { rows, nextCursor } = cutPage(found, limit, ({ track }) => [track.playCount, track.id]);
  return { value: { items: rows.map(presentTrackCard), nextCursor }, tags: [artistTag(artist.id)] };
}

/** Returns a page of public releases by others that credit an artist. */
export async function appearancesAnswer(
  db: Database,
  ref: string,
  cursor: string | undefined,
  viewerId: string | null,
): Promise<PublicAnswer | null> {
  const artist = await findArtist(db, ref, viewerId);
  if (artist === null) return null;
  const { rows, last } = await appearances(db, artist.id, cursor);
  return {
    value: { items: rows.map(presentReleaseCard), nextCursor: last },
    tags: [artistTag(artist.id), LISTS],
  };
}
