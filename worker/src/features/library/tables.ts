import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { MARK_KINDS } from './kinds.ts';

/** Likes and follows have the same shape: somebody, something, since when. */
function markTable(name: 'likes' | 'follows') {
  return sqliteTable(
    name,
    {
      userId: text('user_id').notNull(),
      kind: text('kind', { enum: MARK_KINDS }).notNull(),
      /** Ids say what they name, so one column holds those of every kind. A person is named by the id, not the handle. */
      targetId: text('target_id').notNull(),
      createdAtMs: integer('created_at_ms').notNull(),
    },
    (table) => [
      primaryKey({ columns: [table.userId, table.targetId] }),
      index(`${name}_newest`).on(table.userId, table.kind, table.createdAtMs, table.targetId),
      index(`${name}_target`).on(table.targetId, table.userId),
    ],
  );
}

export const likes = markTable('likes');
export const follows = markTable('follows');

export const ratings = sqliteTable(
  'ratings',
  {
    userId: text('user_id').notNull(),
    trackId: text('track_id').notNull(),
    /** 1 to 5. */
    stars: integer('stars').notNull(),
    ratedAtMs: integer('rated_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.trackId] }),
    index('ratings_newest').on(table.userId, table.ratedAtMs, table.trackId),
    index('ratings_stars').on(table.userId, table.stars, table.trackId),
    index('ratings_track').on(table.trackId, table.userId),
  ],
);

/** How many like and follow a thing, changed in the batch of the like or follow; no row means nobody does. */
export const libraryCounts = sqliteTable('library_counts', {
  targetId: text('target_id').primaryKey(),
  likeCount: integer('like_count').notNull().default(0),
  followerCount: integer('follower_count').notNull().default(0),
});
