import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { users } from './core-tables.ts';

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the key, never the key. */
    keyHash: text('key_hash').notNull().unique(),
    /** Its first characters, by which its owner tells it from others. */
    start: text('start').notNull(),
    name: text('name').notNull(),
    /** Permissions, separated by spaces. */
    scopes: text('scopes').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** Null for one that never expires. */
    expiresAtMs: integer('expires_at_ms'),
    /** To the nearest minute. */
    lastUsedAtMs: integer('last_used_at_ms'),
  },
  (table) => [index('api_keys_user').on(table.userId, table.id)],
);
