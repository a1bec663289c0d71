import { eq, inArray, sql } from 'drizzle-orm';
import { type Database, inChunks } from '../../../platform/db.ts';
import { artists } from '../artists/artist-tables.ts';
import { isMember } from '../is-member.ts';
import { releases } from '../releases/release-tables.ts';
import { tracks } from './track-tables.ts';

/**
 * Returns what counting a play needs of those of these tracks that the listener may hear: how long they are, whether
 * the listener made them, and the words to find them by in a history.
 */
export async function findPlayed(db: Database, trackIds: readonly string[], listenerId: string) {
  const isOwn = sql<number>`(${tracks.ownerId} = ${listenerId} OR ${isMember(tracks.artistId, listenerId)})`;
  const rows = await inChunks(trackIds, (chunk) =>
    db
      .select({
        id: tracks.id,
        durationSeconds: tracks.durationSeconds,
        listedAtMs: tracks.listedAtMs,
        isOwn,
        title: tracks.title,
        versionTitle: tracks.versionTitle,
        artist: tracks.artist,
        album: tracks.album,
        artistName: artists.name,
        releaseTitle: releases.title,
      })
      .from(tracks)
      .leftJoin(artists, eq(artists.id, tracks.artistId))
      .leftJoin(releases, eq(releases.id, tracks.releaseId))
      .where(inArray(tracks.id, chunk))
      .all(),
  );
  const heard = rows.filter((row) => row.listedAtMs !== null || row.isOwn === 1);
  return new Map(
    heard.map((row) => {
      const { title, versionTitle, artist, artistName, releaseTitle, album } = row;
      const words = new Set([title, versionTitle, artist, artistName, releaseTitle ?? album]);
      const played = {
        durationSeconds: row.durationSeconds,
        isOwn: row.isOwn === 1,
        words: [...words].filter((word) => word !== null).join(' '),
      };
      return [row.id, played];
    }),
  );
}
