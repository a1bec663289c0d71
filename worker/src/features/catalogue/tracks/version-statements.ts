import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from '../../../platform/db.ts';
import { refreshRelease } from '../releases/refresh-release.ts';
import { tracks, trackVersions } from './track-tables.ts';

/** The longest that somebody may listen to a version on a grant that they got before it was replaced. */
const DROPPED_AFTER_MS = 24 * 60 * 60_000;

/** Columns of `tracks` that belong to a version: they go and come back with it. */
const FACTS = [
  'originalUploadId',
  'durationSeconds',
  'sourceCodec',
  'sourceSampleRateHz',
  'sourceBitsPerSample',
  'sourceBitrateKbps',
  'sourceLossless',
  'integratedLufs',
  'loudnessRangeLu',
  'truePeakDbtp',
  'clippedSampleCount',
  'artworkPlaceholder',
  'artworkColour1',
  'artworkColour2',
] as const;

const FACTS_AS_JSON = sql.raw(
  `json_object(${FACTS.map((fact) => `'${fact}', ${tracks[fact].name}`).join(', ')})`,
);

/**
 * Returns the writes that keep the version which a track shows, before it shows another, where `holds` is true of the
 * track. What was kept before goes after a while: one version back is what can be restored.
 */
export function keepVersion(db: Database, trackId: string, nowMs: number, holds: SQL): Statement[] {
  const isShown = sql`EXISTS (SELECT 1 FROM tracks WHERE version IS NOT NULL AND ${holds})`;
  return [
    db
      .update(trackVersions)
      .set({ dropsAtMs: nowMs + DROPPED_AFTER_MS })
      .where(and(eq(trackVersions.trackId, trackId), isNull(trackVersions.dropsAtMs), isShown)),
    keep(db, holds),
  ];
}

function keep(db: Database, holds: SQL): Statement {
  return db
    .insert(trackVersions)
    .select(
      sql`SELECT version, id, file_name, ${FACTS_AS_JSON}, ifnull(published_at_ms, created_at_ms), NULL FROM tracks WHERE version IS NOT NULL AND ${holds}`,
    )
    .onConflictDoUpdate({ target: trackVersions.version, set: { dropsAtMs: null } });
}

/** Returns the writes that show a kept version again and keep the one that is shown; the last tells whether they did. */
export function restoreVersion(db: Database, trackId: string, version: string): Statement[] {
  const kept = (column: SQL) =>
    sql`(SELECT ${column} FROM track_versions v WHERE v.version = ${version} AND v.track_id = ${trackId})`;
  const fact = (name: string) => kept(sql.raw(`json_extract(v.facts, '$.${name}')`));
  const holds = sql`tracks.id = ${trackId} AND tracks.version <> ${version}
    AND EXISTS (SELECT 1 FROM track_versions v WHERE v.version = ${version} AND v.track_id = ${trackId} AND v.drops_at_ms IS NULL)`;
  return [
    keep(db, holds),
    db
      .update(tracks)
      .set({
        ...Object.fromEntries(FACTS.map((name) => [name, fact(name)])),
        version,
        fileName: kept(sql`v.file_name`) as SQL<string>,
        nextUploadId: sql`CASE WHEN replacement_state IS NULL THEN ${fact('originalUploadId')} ELSE next_upload_id END`,
      })
      .where(holds),
    refreshRelease(db, sql`(SELECT t.release_id FROM tracks t WHERE t.id = ${trackId})`, sql`1`),
    db
      .delete(trackVersions)
      .where(
        sql`${trackVersions.version} = ${version} AND EXISTS (SELECT 1 FROM tracks t WHERE t.id = ${trackId} AND t.version = ${version})`,
      ),
  ];
}
