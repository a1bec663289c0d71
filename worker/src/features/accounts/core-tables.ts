import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { StoredImage } from '../../platform/images.ts';
import { PROFILE_VISIBILITIES } from './schemas.ts';

export const ROLES = ['listener', 'artist', 'moderator', 'admin'] as const;

// better-auth reads and writes these through its own field names (the keys here); times are dates for its sake.
const timestamp = (name: string) => integer(name, { mode: 'timestamp_ms' });

export const users = sqliteTable(
  'users',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** Lower case, as better-auth keeps it. */
    email: text('email').notNull().unique(),
    emailVerified: integer('email_verified', { mode: 'boolean' }).notNull().default(false),
    /** Lower case, so that its uniqueness is that of `/u/{handle}`. */
    handle: text('handle').notNull().unique(),
    role: text('role', { enum: ROLES }).notNull().default('listener'),
    /** The language that mail to this person is written in. */
    locale: text('locale').notNull().default('en'),
    /** What a provider says they look like; not shown. */
    image: text('image'),
    avatar: text('avatar', { mode: 'json' }).$type<StoredImage>(),
    bio: text('bio').notNull().default(''),
    /** Whether others find them by their handle. */
    profileVisibility: text('profile_visibility', { enum: PROFILE_VISIBILITIES }).notNull().default('public'),
    twoFactorEnabled: integer('two_factor_enabled', { mode: 'boolean' }).default(false),
    createdAt: timestamp('created_at_ms').notNull(),
    updatedAt: timestamp('updated_at_ms').notNull(),
    /** When everything of theirs goes, where they asked for that; from that moment on there is no way back. */
    deletesAt: timestamp('deletes_at_ms'),
  },
  (table) => [
    // Asked for before an admin loses the role: without it the question would read everybody.
    index('users_admins').on(table.id).where(sql`role = 'admin'`),
    index('users_leaving').on(table.deletesAt).where(sql`deletes_at_ms IS NOT NULL`),
    index('users_unconfirmed').on(table.createdAt).where(sql`email_verified = 0`),
  ],
);

/** A row, once there, says who the first account was; whoever comes later is not made an admin by it. */
export const firstAdmin = sqliteTable(
  'first_admin',
  { one: integer('one').primaryKey(), userId: text('user_id').notNull() },
  (table) => [check('first_admin_one', sql`${table.one} = 1`)],
);

export const userSessions = sqliteTable(
  'user_sessions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the token, never the token: see session-storage.ts. */
    token: text('token_hash').notNull().unique(),
    /** Where the session ends if nobody uses it; never later than its absolute end. */
    expiresAt: timestamp('expires_at_ms').notNull(),
    isRemembered: integer('is_remembered', { mode: 'boolean' }).notNull().default(false),
    /** The network the sign-in came from (/24 or /48), never the whole address. */
    ipAddress: text('ip_prefix'),
    userAgent: text('user_agent'),
    city: text('city'),
    country: text('country'),
    createdAt: timestamp('created_at_ms').notNull(),
    /** Last use, to the nearest quarter of an hour. */
    updatedAt: timestamp('last_used_at_ms').notNull(),
  },
  (table) => [
    index('user_sessions_user').on(table.userId, table.id),
    index('user_sessions_expiry').on(table.expiresAt),
  ],
);

/** Ways to sign in: a password (`credential`), or an account with a provider. */
export const userCredentials = sqliteTable(
  'user_credentials',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: timestamp('access_token_expires_at_ms'),
    refreshTokenExpiresAt: timestamp('refresh_token_expires_at_ms'),
    scope: text('scope'),
    /** Argon2id in PHC form: see password-hasher.ts. */
    password: text('password_hash'),
    createdAt: timestamp('created_at_ms').notNull(),
    updatedAt: timestamp('updated_at_ms').notNull(),
  },
  (table) => [
    index('user_credentials_user').on(table.userId),
    uniqueIndex('user_credentials_provider').on(table.providerId, table.accountId),
  ],
);

/** Single-use values such as password resets; identifiers are hashed, because they hold the token. */
export const verifications = sqliteTable(
  'verifications',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: timestamp('expires_at_ms').notNull(),
    createdAt: timestamp('created_at_ms').notNull(),
    updatedAt: timestamp('updated_at_ms').notNull(),
  },
  (table) => [
    index('verifications_identifier').on(table.identifier, table.createdAt),
    index('verifications_expiry').on(table.expiresAt),
    // Trusted devices and half-finished sign-ins, to be forgotten by whose they are.
    index('verifications_user').on(table.value).where(sql`value GLOB 'usr_*'`),
  ],
);
