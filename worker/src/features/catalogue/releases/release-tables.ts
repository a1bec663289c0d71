import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { LICENCES, RELEASE_KINDS } from '../../../platform/cards.ts';
import type { StoredImage } from '../../../platform/images.ts';

export const RELEASE_STATES = ['draft', 'scheduled', 'published', 'withdrawn'] as const;
export const LABEL_KINDS = ['genre', 'tag'] as const;

/** A release's cover: a picture that somebody uploaded, or the one that came inside a track's file. */
export type ReleaseArtwork =
  | (StoredImage & { from: 'person' })
  | { from: 'file'; trackId: string; version: string; placeholder: string; colours: [string, string] };

export const releases = sqliteTable(
  'releases',
  {
    id: text('id').primaryKey(),
    artistId: text('artist_id').notNull(),
    /** Unique among the artist's; with the artist's slug the address of the page. */
    slug: text('slug').notNull(),
    title: text('title').notNull(),
    kind: text('kind', { enum: RELEASE_KINDS }).notNull(),
    state: text('state', { enum: RELEASE_STATES }).notNull().default('draft'),
    artwork: text('artwork', { mode: 'json' }).$type<ReleaseArtwork>(),
    /** The day that is shown, `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. */
    releaseDate: text('release_date'),
    /** While scheduled: the moment it comes out. */
    publishAtMs: integer('publish_at_ms'),
    /** The IANA zone in which that moment was chosen, to show it again as it was typed. */
    timeZone: text('time_zone'),
    label: text('label'),
    upc: text('upc'),
    licence: text('licence', { enum: LICENCES }).notNull().default('all-rights-reserved'),
    description: text('description').notNull().default(''),
    /** Names of columns that a person filled in: a file's tags never touch them. */
    typedFields: text('typed_fields', { mode: 'json' }).$type<string[]>().notNull().default([]),
    /** Of tracks that can be played, kept by the batches that change them. */
    trackCount: integer('track_count').notNull().default(0),
    durationSeconds: real('duration_seconds').notNull().default(0),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
    /** When it became public; what lists of new releases sort by. Null whenever it is not public. */
    listedAtMs: integer('listed_at_ms'),
  },
  (table) => [
    uniqueIndex('releases_slug').on(table.artistId, table.slug),
    index('releases_artist').on(table.artistId, table.listedAtMs, table.id),
    index('releases_made').on(table.artistId, table.id),
    index('releases_artist_kind').on(table.artistId, table.kind, table.listedAtMs, table.id),
    index('releases_listed').on(table.listedAtMs, table.id).where(sql`listed_at_ms IS NOT NULL`),
    index('releases_due').on(table.publishAtMs).where(sql`state = 'scheduled'`),
  ],
);

/** Genres and free tags of releases. */
export const releaseLabels = sqliteTable(
  'release_labels',
  {
    releaseId: text('release_id').notNull(),
    kind: text('kind', { enum: LABEL_KINDS }).notNull(),
    slug: text('slug').notNull(),
    position: integer('position').notNull(),
    /** The release's `listed_at_ms`, here so that a genre's page is one index. */
    listedAtMs: integer('listed_at_ms'),
  },
  (table) => [
    primaryKey({ columns: [table.releaseId, table.kind, table.slug] }),
    index('release_labels_listed')
      .on(table.kind, table.slug, table.listedAtMs, table.releaseId)
      .where(sql`listed_at_ms IS NOT NULL`),
  ],
);

/** Every genre and tag that was ever used, with how many public releases carry it. */
export const labels = sqliteTable(
  'labels',
  {
    kind: text('kind', { enum: LABEL_KINDS }).notNull(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    releaseCount: integer('release_count').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.slug] }),
    index('labels_popular').on(table.kind, table.releaseCount, table.slug),
  ],
);

/** Who did what, on a whole release (`track_id` null) or on one track. Role `featured` shows beside the artist. */
export const credits = sqliteTable(
  'credits',
  {
    id: text('id').primaryKey(),
    releaseId: text('release_id').notNull(),
    trackId: text('track_id'),
    /** The artist's page here, where there is one. */
    artistId: text('artist_id'),
    name: text('name').notNull(),
    role: text('role').notNull(),
    position: integer('position').notNull(),
  },
  (table) => [
    index('credits_release').on(table.releaseId, table.position),
    index('credits_track').on(table.trackId, table.position),
    index('credits_artist').on(table.artistId, table.releaseId),
  ],
);
