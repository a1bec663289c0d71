import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import { type Database, runBatch } from '../../../platform/db.ts';
import { hlsPrefix } from '../../../platform/r2-keys.ts';
import { deletePrefix } from '../../../platform/r2-objects.ts';
import { trackVersions } from './track-tables.ts';
import { restoreVersion } from './version-statements.ts';

export type VersionRow = typeof trackVersions.$inferSelect;

/** Versions that one sweep removes. */
const SWEEP_LIMIT = 20;

/** Versions of tracks that were shown before. */
export class TrackVersions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns the versions of a track that can come back, the newest first. */
  list(trackId: string): Promise<VersionRow[]> {
    return this.#db
      .select()
      .from(trackVersions)
      .where(and(eq(trackVersions.trackId, trackId), isNull(trackVersions.dropsAtMs)))
      .orderBy(desc(trackVersions.version))
      .limit(20);
  }

  /** Shows an older version again, at once and whole; false where it is gone, or shown already. */
  async restore(trackId: string, version: string): Promise<boolean> {
    const results = await runBatch(this.#db, restoreVersion(this.#db, trackId, version));
    return results[1]?.meta.changes === 1;
  }

  /** Returns versions whose time is over, of which nothing is shown any more, not even a release's cover. */
  due(nowMs: number): Promise<VersionRow[]> {
    return this.#db
      .select()
      .from(trackVersions)
      .where(
        and(
          lte(trackVersions.dropsAtMs, nowMs),
          sql`NOT EXISTS (SELECT 1 FROM tracks t WHERE t.id = track_versions.track_id AND t.version = track_versions.version)`,
          sql`NOT EXISTS (SELECT 1 FROM releases r WHERE r.id = (SELECT t.release_id FROM tracks t WHERE t.id = track_versions.track_id)
            AND json_extract(r.artwork, '$.version') = track_versions.version)`,
        ),
      )
      .limit(SWEEP_LIMIT);
  }

  async forget(version: string): Promise<void> {
    await this.#db.delete(trackVersions).where(eq(trackVersions.version, version));
  }
}

/** What dropping old versions needs. */
export interface DropDeps {
  versions: TrackVersions;
  media: R2Bucket;
  /** Removes a completed upload with its original and its transcode. */
  eraseUpload(uploadId: string): Promise<void>;
}

/** Removes versions that nobody can hear or restore any more, and what they were made of; returns how many. */
export async function dropOldVersions(
  { versions, media, eraseUpload }: DropDeps,
  nowMs: number,
): Promise<number> {
  const rows = await versions.due(nowMs);
  for (const { trackId, version, facts } of rows) {
    await deletePrefix(media, hlsPrefix(trackId, version));
    const { originalUploadId } = facts as { originalUploadId?: string | null };
    if (originalUploadId) await eraseUpload(originalUploadId);
    // The row goes last, so that whatever cuts this off, the next sweep goes on.
    await versions.forget(version);
  }
  return rows.length;
}
