import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from '../../../platform/db.ts';
import { type ReleaseArtwork, releases } from './release-tables.ts';

/** Shows `next` instead of the cover that came with a track. */
export function replaceCover(db: Database, releaseId: string, trackId: string, next: SQL): Statement {
  return db
    .update(releases)
    .set({ artwork: next as SQL<ReleaseArtwork> })
    .where(and(eq(releases.id, releaseId), sql`json_extract(${releases.artwork}, '$.trackId') = ${trackId}`));
}
