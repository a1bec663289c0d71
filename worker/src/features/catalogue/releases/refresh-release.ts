import { and, type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from '../../../platform/db.ts';
import { releases } from './release-tables.ts';

/** Returns the write that counts a release's tracks anew. One to three make a single, four to six an EP. */
export function refreshRelease(db: Database, releaseId: SQL | string, guard: SQL): Statement {
  const ofIt = sql`FROM tracks t WHERE t.release_id = releases.id`;
  return db
    .update(releases)
    .set({
      trackCount: sql`(SELECT count(*) ${ofIt} AND t.version IS NOT NULL)`,
      durationSeconds: sql`(SELECT ifnull(sum(t.duration_seconds), 0.0) ${ofIt} AND t.version IS NOT NULL)`,
      kind: sql`CASE WHEN EXISTS (SELECT 1 FROM json_each(releases.typed_fields) WHERE value = 'kind') OR releases.listed_at_ms IS NOT NULL
        THEN kind ELSE (SELECT CASE WHEN count(*) <= 3 THEN 'single' WHEN count(*) <= 6 THEN 'ep' ELSE 'album' END ${ofIt}) END`,
    })
    .where(and(sql`${releases.id} = ${releaseId}`, guard));
}
