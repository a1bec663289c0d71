import type { Manifest } from '@melro/transcoder/contract';
import { and, type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from '../../../platform/db.ts';
import { isTyped } from '../typed-fields.ts';
import { replaceLabels } from './label-statements.ts';
import { refreshRelease } from './refresh-release.ts';
import { type ReleaseArtwork, releases } from './release-tables.ts';

/** Genres that one release has at most. */
export const MOST_GENRES = 5;

/** Returns the day, month or year that a file's date tag begins with; null where it begins with none. */
export function dayFrom(tag: string | null): string | null {
  const [, year = '', month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)/.exec(tag?.trim() ?? '') ?? [];
  if (year === '' || year === '0000') return null;
  const isReal = (text: string) =>
    !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
  if (day !== undefined && isReal(`${year}-${month}-${day}`)) return `${year}-${month}-${day}`;
  return month !== undefined && isReal(`${year}-${month}`) ? `${year}-${month}` : year;
}

/** Returns the genres that a file's tag names. */
export function genresFrom(tag: string | null): string[] {
  return (tag ?? '')
    .split(/[;,/|\0]/)
    .map((name) => name.trim().slice(0, 50))
    .filter((name) => name !== '')
    .slice(0, MOST_GENRES);
}

/**
 * Returns the writes that fill what is empty of the release of a track whose version was just published, from its
 * file's tags and cover; the first file that says something is heard. What is public, or was typed or emptied by a
 * person, is left alone.
 */
export function fillRelease(
  db: Database,
  file: { trackId: string; version: string } & Pick<Manifest, 'tags' | 'artwork'>,
  guard: SQL,
): Statement[] {
  const { trackId, version, tags, artwork } = file;
  const shown = sql`(SELECT t.release_id FROM tracks t WHERE t.id = ${trackId} AND t.version = ${version})`;
  const isDraft = sql`EXISTS (SELECT 1 FROM releases d WHERE d.id = ${shown} AND d.state IN ('draft', 'scheduled')
    AND NOT EXISTS (SELECT 1 FROM json_each(d.typed_fields) WHERE value = 'genres'))
    AND NOT EXISTS (SELECT 1 FROM release_labels g WHERE g.release_id = ${shown} AND g.kind = 'genre')`;
  const cover: ReleaseArtwork | null = artwork && { from: 'file', trackId, version, ...artwork };
  const genres = genresFrom(tags.genre);
  return [
    db
      .update(releases)
      .set({
        title: sql`CASE WHEN title = '' AND NOT ${isTyped('title')} THEN ${tags.album ?? ''} ELSE title END`,
        releaseDate: sql`CASE WHEN release_date IS NULL AND NOT ${isTyped('releaseDate')} THEN ${dayFrom(tags.date)} ELSE release_date END`,
        artwork: sql`CASE WHEN artwork IS NULL AND NOT ${isTyped('artwork')} THEN ${cover && JSON.stringify(cover)} ELSE artwork END`,
      })
      .where(and(sql`${releases.id} = ${shown}`, sql`${releases.state} IN ('draft', 'scheduled')`, guard)),
    ...(genres.length === 0 ? [] : replaceLabels(db, shown, 'genre', genres, sql`${isDraft} AND ${guard}`)),
    refreshRelease(db, shown, guard),
  ];
}
