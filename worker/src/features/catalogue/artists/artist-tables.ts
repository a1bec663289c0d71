import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { StoredImage } from '../../../platform/images.ts';

export const MEMBER_ROLES = ['owner', 'editor'] as const;

/** A link that an artist shows on their page. */
export interface ArtistLink {
  label: string;
  url: string;
}

export const artists = sqliteTable(
  'artists',
  {
    id: text('id').primaryKey(),
    /** Lower case; the address of the artist's page. */
    slug: text('slug').notNull().unique(),
    name: text('name').notNull(),
    bio: text('bio').notNull().default(''),
    location: text('location').notNull().default(''),
    links: text('links', { mode: 'json' }).$type<ArtistLink[]>().notNull().default([]),
    avatar: text('avatar', { mode: 'json' }).$type<StoredImage>(),
    banner: text('banner', { mode: 'json' }).$type<StoredImage>(),
    verifiedAtMs: integer('verified_at_ms'),
    /** When the first release came out; null while only members see the page. */
    listedAtMs: integer('listed_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (table) => [
    index('artists_named').on(sql`lower(name)`),
    index('artists_listed').on(table.listedAtMs, table.id),
  ],
);

export const artistMembers = sqliteTable(
  'artist_members',
  {
    artistId: text('artist_id')
      .notNull()
      .references(() => artists.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    role: text('role', { enum: MEMBER_ROLES }).notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.artistId, table.userId] }),
    index('artist_members_user').on(table.userId, table.artistId),
  ],
);
