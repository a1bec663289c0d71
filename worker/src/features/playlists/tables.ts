import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Cover } from '../../platform/cards.ts';
import type { StoredImage } from '../../platform/images.ts';
import { PLAYLIST_ROLES, type SmartRules, VISIBILITIES } from './vocabulary.ts';

export const playlists = sqliteTable(
  'playlists',
  {
    id: text('id').primaryKey(),
    ownerId: text('owner_id').notNull(),
    title: text('title').notNull(),
    description: text('description').notNull().default(''),
    visibility: text('visibility', { enum: VISIBILITIES }).notNull(),
    /** What a smart playlist is made of; null where people put tracks in. */
    rules: text('rules', { mode: 'json' }).$type<SmartRules>(),
    /** A cover that somebody uploaded. */
    artwork: text('artwork', { mode: 'json' }).$type<StoredImage>(),
    /** The first four different covers of its tracks, kept by what changes the entries. */
    covers: text('covers', { mode: 'json' }).$type<Cover[]>().notNull().default([]),
    entryCount: integer('entry_count').notNull().default(0),
    durationSeconds: real('duration_seconds').notNull().default(0),
    /** Names the last change of the entries: the gate that the rest of its batch looks at. */
    lastChange: text('last_change').notNull().default(''),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
    /** When its owner threw it away; it can be taken back for a while. */
    deletedAtMs: integer('deleted_at_ms'),
  },
  (table) => [
    index('playlists_owner').on(table.ownerId, table.visibility, table.id),
    index('playlists_deleted').on(table.deletedAtMs).where(sql`deleted_at_ms IS NOT NULL`),
  ],
);

/** Who may change a playlist, its owner too, and where each of them keeps it among their own. */
export const playlistMembers = sqliteTable(
  'playlist_members',
  {
    playlistId: text('playlist_id').notNull(),
    userId: text('user_id').notNull(),
    role: text('role', { enum: PLAYLIST_ROLES }).notNull(),
    /** A folder of this person; null outside of all. */
    folderId: text('folder_id'),
    /** A fractional key: the order in which this person keeps their playlists. */
    position: text('position').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.playlistId, table.userId] }),
    index('playlist_members_user').on(table.userId, table.position, table.playlistId),
  ],
);

export const playlistEntries = sqliteTable(
  'playlist_entries',
  {
    /** May be made by the client, so that adding twice is adding once. */
    id: text('id').primaryKey(),
    playlistId: text('playlist_id').notNull(),
    trackId: text('track_id').notNull(),
    /** A fractional key, see positions.ts; ties are broken by the id. */
    position: text('position').notNull(),
    /** The track's when it was added, so that the playlist's sum stays exact. */
    durationSeconds: real('duration_seconds').notNull(),
    /** Null once who added it has left. */
    addedBy: text('added_by'),
    addedAtMs: integer('added_at_ms').notNull(),
    /** When it was removed; it keeps its place for a while so that this can be undone. */
    removedAtMs: integer('removed_at_ms'),
  },
  (table) => [
    index('playlist_entries_order')
      .on(table.playlistId, table.position, table.id)
      .where(sql`removed_at_ms IS NULL`),
    index('playlist_entries_track').on(table.playlistId, table.trackId).where(sql`removed_at_ms IS NULL`),
    index('playlist_entries_removed').on(table.removedAtMs).where(sql`removed_at_ms IS NOT NULL`),
    index('playlist_entries_added_by').on(table.addedBy),
  ],
);

/** Links that make whoever opens them an editor. */
export const playlistInvitations = sqliteTable(
  'playlist_invitations',
  {
    id: text('id').primaryKey(),
    playlistId: text('playlist_id').notNull(),
    /** SHA-256 of the token, never the token. */
    tokenHash: text('token_hash').notNull().unique(),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [
    index('playlist_invitations_playlist').on(table.playlistId, table.id),
    index('playlist_invitations_expiry').on(table.expiresAtMs),
  ],
);

export const playlistFolders = sqliteTable(
  'playlist_folders',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    title: text('title').notNull(),
    position: text('position').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [index('playlist_folders_user').on(table.userId, table.position, table.id)],
);
