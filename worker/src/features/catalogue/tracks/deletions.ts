import { asc, eq } from 'drizzle-orm';
import type { Database } from '../../../platform/db.ts';
import { imagesPrefix, trackHlsPrefix } from '../../../platform/r2-keys.ts';
import { deletePrefix } from '../../../platform/r2-objects.ts';
import { deletions } from './track-tables.ts';

/** Deleted things that one sweep clears. */
const SWEEP_LIMIT = 20;

/** What is needed to remove what tracks were made of, what was made of them, and what others keep of them. */
export interface ClearDeps {
  db: Database;
  media: R2Bucket;
  /** Removes uploads of a track with their originals and transcodes; returns whether none is left. */
  eraseUploadsOf(trackId: string): Promise<boolean>;
  /** Removes some of what anybody keeps of a thing: likes, ratings, plays; returns whether nothing is left. */
  forget(id: string): Promise<boolean>;
}

/**
 * Removes what deleted tracks and releases have left and returns how many are gone. May be cut off anywhere and run
 * twice at once: a thing stays on the list until nothing of it is left.
 */
export async function clearDeleted(deps: ClearDeps, limit = SWEEP_LIMIT): Promise<number> {
  const { db, media } = deps;
  const rows = await db.select().from(deletions).orderBy(asc(deletions.thingId)).limit(limit);
  let count = 0;
  for (const { thingId } of rows) {
    if (thingId.startsWith('trk_')) {
      // First what could still write objects, then the objects.
      if (!(await deps.eraseUploadsOf(thingId))) continue;
      await deletePrefix(media, trackHlsPrefix(thingId));
    } else await deletePrefix(media, imagesPrefix(thingId));
    if (!(await deps.forget(thingId))) continue;
    await db.delete(deletions).where(eq(deletions.thingId, thingId));
    count++;
  }
  return count;
}
