import { type SQL, sql } from 'drizzle-orm';
import type { SmartField } from '../../platform/smart-fields.ts';
import { slugFrom } from './slugs.ts';

function simple(name: string, type: SmartField['type'], column: SQL): SmartField {
  return { name, type, test: (predicate) => predicate(column), sortBy: () => column };
}

function label(kind: 'genre' | 'tag'): SmartField {
  return {
    name: kind,
    type: 'text',
    test: (
      predicate,
    ) => sql`EXISTS (SELECT 1 FROM release_labels l LEFT JOIN labels n ON n.kind = l.kind AND n.slug = l.slug
      WHERE l.release_id = t.release_id AND l.kind = ${kind} AND (${predicate(sql`n.name`)} OR ${predicate(sql`l.slug`)}))`,
    drive: (operator, value) => {
      // Names of one slug are one genre; a name that makes none finds nothing by the index either.
      const slug = operator === 'is' && typeof value === 'string' ? slugFrom(value) : '';
      if (slug === '') return null;
      return {
        rank: 40,
        select: sql`SELECT g.id FROM release_labels l CROSS JOIN tracks g ON g.release_id = l.release_id
          WHERE l.kind = ${kind} AND l.slug = ${slug} AND l.listed_at_ms IS NOT NULL ORDER BY l.listed_at_ms DESC`,
      };
    },
  };
}

const ARTIST = sql`ifnull(t.artist, (SELECT a.name FROM artists a WHERE a.id = t.artist_id))`;

/** What rules may ask of a track itself and of its release. */
export const CATALOGUE_SMART_FIELDS: readonly SmartField[] = [
  simple('title', 'text', sql`t.title`),
  {
    ...simple('artist', 'text', ARTIST),
    drive: (operator, value) => {
      if (operator !== 'is' || typeof value !== 'string') return null;
      // By the name beside the title, and by that of the artist's page.
      return {
        rank: 30,
        select: sql`SELECT g.id FROM tracks g WHERE lower(g.artist) = lower(${value}) AND g.listed_at_ms IS NOT NULL
          UNION ALL SELECT g.id FROM artists a CROSS JOIN tracks g ON g.artist_id = a.id
          WHERE lower(a.name) = lower(${value}) AND g.artist IS NULL AND g.listed_at_ms IS NOT NULL`,
      };
    },
  },
  simple('album', 'text', sql`ifnull(t.album, (SELECT r.title FROM releases r WHERE r.id = t.release_id))`),
  label('genre'),
  label('tag'),
  simple('year', 'number', sql`CAST(substr(t.release_date, 1, 4) AS INTEGER)`),
  simple('duration', 'number', sql`t.duration_seconds`),
  simple('added', 'date', sql`t.listed_at_ms`),
  simple('explicit', 'flag', sql`t.explicit`),
  simple('lossless', 'flag', sql`ifnull(t.source_lossless, 0)`),
  simple('plays', 'number', sql`t.play_count`),
];

/** Every public track, the newest first: where no rule has an index of its own. */
export const NEWEST_TRACKS: SQL = sql`SELECT id FROM tracks WHERE listed_at_ms IS NOT NULL ORDER BY listed_at_ms DESC`;
