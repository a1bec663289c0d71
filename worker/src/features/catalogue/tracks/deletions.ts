import { asc, eq } from 'drizzle-orm';
import type { Database } from '../../../platform/db.ts';
import { trackHlsPrefix } from '../../../platform/r2-keys.ts';
import { deletePrefix } from '../../../platform/r2-objects.ts';
import { trackDeletions } from './track-tables.ts';

/** Deleted tracks that one sweep clears. */
const SWEEP_LIMIT = 20;

/** What is needed to remove what tracks were made of and what was made of them. */
export interface ClearDeps {
  db: Database;
  media: R2Bucket;
  /** Removes uploads of a track with their originals and transcodes; returns whether none is left. */
  eraseUploadsOf(trackId: string): Promise<boolean>;
}

/**
 * Removes the bytes of deleted tracks and returns how many are gone. May be cut off anywhere and run
 * twice at once: a track stays on the list until nothing of it is left.
 */
export async function clearDeletedTracks(
  { db, media, eraseUploadsOf }: ClearDeps,
  limit = SWEEP_LIMIT,
): Promise<number> {
  const rows = await db.select().from(trackDeletions).orderBy(asc(trackDeletions.trackId)).limit(limit);
  let count = 0;
  for (const { trackId } of rows) {
    // First what could still write objects, then the objects.
    if (!(await eraseUploadsOf(trackId))) continue;
    await deletePrefix(media, trackHlsPrefix(trackId));
    await db.delete(trackDeletions).where(eq(trackDeletions.trackId, trackId));
    count++;
  }
  return count;
}
