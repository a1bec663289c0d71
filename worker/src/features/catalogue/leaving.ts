import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { type Database, runBatch, type Statement } from '../../platform/db.ts';
import { imagesPrefix } from '../../platform/r2-keys.ts';
import { deletePrefix } from '../../platform/r2-objects.ts';
import type { ArtistStore } from './artists/artist-store.ts';
import { type PublishDeps, withdraw } from './releases/publishing.ts';
import { type ClearDeps, clearDeleted } from './tracks/deletions.ts';
import { tracks } from './tracks/track-tables.ts';

/** What is needed when a member of artists leaves Melro. */
export interface LeavingDeps extends PublishDeps {
  db: Database;
  media: R2Bucket;
  artists: ArtistStore;
  clear: ClearDeps;
  /** Hands somebody's uploads to whoever `heirOf` a track names, where it names anybody. */
  handOverUploads(userId: string, heirOf: (trackId: SQL) => SQL<string>): Statement;
}

/** The first of a track's artist's other owners; null where there is none. */
function heirOfTrack(leaverId: string): (trackId: SQL) => SQL<string> {
  return (trackId) => sql`(SELECT m.user_id FROM artist_members m
    WHERE m.artist_id = (SELECT h.artist_id FROM tracks h WHERE h.id = ${trackId}) AND m.role = 'owner' AND m.user_id <> ${leaverId}
    ORDER BY m.created_at_ms, m.user_id LIMIT 1)`;
}

/**
 * Takes somebody out of their artists. One that has another owner stays, and what the leaver uploaded for it is that
 * owner's from now on; one that has none goes with its releases, tracks and pictures, a few of `limit` at a time.
 * Returns whether nothing is left. May be cut off anywhere and repeated: a row goes after what it names.
 */
export async function eraseArtists(deps: LeavingDeps, userId: string, limit: number): Promise<boolean> {
  const heirOf = heirOfTrack(userId);
  const heir = heirOf(sql`tracks.id`);
  await runBatch(deps.db, [
    deps.handOverUploads(userId, heirOf),
    deps.db
      .update(tracks)
      .set({ ownerId: heir })
      .where(and(eq(tracks.ownerId, userId), isNotNull(tracks.artistId), sql`${heir} IS NOT NULL`)),
    deps.artists.leaveWhatStays(userId),
  ]);
  const own = await deps.artists.listOwn(userId, { limit });
  for (const { artist } of own.slice(0, limit)) {
    if (!(await eraseArtist(deps, artist.id, limit))) return false;
  }
  return own.length <= limit;
}

async function eraseArtist(deps: LeavingDeps, artistId: string, limit: number): Promise<boolean> {
  const rows = await deps.releases.listOf(artistId, limit + 1);
  for (const release of rows.slice(0, limit)) {
    if (release.state === 'published') await withdraw(deps, release);
    await deps.releases.remove(release.id, Date.now(), ['draft', 'scheduled', 'withdrawn']);
  }
  // The list of what is deleted may hold others' too; what this does not reach is the sweep's, which needs no account.
  await clearDeleted(deps.clear, limit);
  if (rows.length > limit) return false;
  if (!(await deps.clear.forget(artistId))) return false;
  await deletePrefix(deps.media, imagesPrefix(artistId));
  await deps.artists.erase(artistId);
  await deps.changed(artistId);
  return true;
}
