import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { PLAY_MARKS, PLAYED_QUALITIES, SOURCE_KINDS, SOURCE_THINGS } from './kinds.ts';

export const plays = sqliteTable(
  'plays',
  {
    /** Made of the person and the id that their player gave the play: see play-id.ts. */
    id: text('id').primaryKey(),
    /** Null where nobody is to know who it was: heard while the history was paused, or taken out of it. */
    userId: text('user_id'),
    trackId: text('track_id').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    /** The most that was reported. */
    listenedSeconds: real('listened_seconds').notNull(),
    /** Whether it is in the track's `play_count`. */
    isCounted: integer('is_counted', { mode: 'boolean' }).notNull(),
    mark: text('mark', { enum: PLAY_MARKS }),
    sourceKind: text('source_kind', { enum: SOURCE_KINDS }).notNull(),
    sourceId: text('source_id'),
    quality: text('quality', { enum: PLAYED_QUALITIES }),
    /** Title, artist and release as they were, without case and accents; for the owner's search. */
    searchText: text('search_text').notNull().default(''),
  },
  (table) => [
    index('plays_history').on(table.userId, table.startedAtMs, table.id).where(sql`user_id IS NOT NULL`),
    index('plays_listener')
      .on(table.userId, table.trackId, table.startedAtMs)
      .where(sql`user_id IS NOT NULL`),
    index('plays_track').on(table.trackId, table.startedAtMs),
  ],
);

/** The newest things that somebody played from, one row each. */
export const recentSources = sqliteTable(
  'recent_sources',
  {
    userId: text('user_id').notNull(),
    kind: text('kind', { enum: SOURCE_THINGS }).notNull(),
    sourceId: text('source_id').notNull(),
    playedAtMs: integer('played_at_ms').notNull(),
    /** The play it was, so that both go together. */
    playId: text('play_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.sourceId] }),
    index('recent_sources_newest').on(table.userId, table.playedAtMs, table.sourceId),
    index('recent_sources_source').on(table.sourceId, table.userId),
  ],
);

/** Where somebody left off. The row stays when that is forgotten, so that its revision never starts again. */
export const resumePoints = sqliteTable('resume_points', {
  userId: text('user_id').primaryKey(),
  revision: integer('revision').notNull(),
  trackId: text('track_id'),
  positionSeconds: real('position_seconds').notNull().default(0),
  sourceKind: text('source_kind', { enum: SOURCE_KINDS }),
  sourceId: text('source_id'),
  queue: text('queue', { mode: 'json' }).$type<string[]>().notNull().default([]),
  updatedAtMs: integer('updated_at_ms').notNull(),
});

export const historySettings = sqliteTable('history_settings', {
  userId: text('user_id').primaryKey(),
  isPaused: integer('is_paused', { mode: 'boolean' }).notNull(),
  changedAtMs: integer('changed_at_ms').notNull(),
});
