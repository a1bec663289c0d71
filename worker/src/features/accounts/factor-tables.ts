// The columns that better-auth’s plugins for second factors, passkeys and signing keys ask for.
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { users } from './core-tables.ts';

const timestamp = (name: string) => integer(name, { mode: 'timestamp_ms' });

export const userTwoFactors = sqliteTable(
  'user_two_factors',
  {
    id: text('id').primaryKey(),
    /** Empty where there is no authenticator app. */
    secret: text('secret').notNull(),
    /** Recovery codes, hashed: see recovery-codes.ts. */
    backupCodes: text('backup_codes').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    verified: integer('verified', { mode: 'boolean' }).default(true),
    failedVerificationCount: integer('failed_verification_count').default(0),
    lockedUntil: timestamp('locked_until_ms'),
    /** The last half minute whose code was taken: neither it nor one before it is taken again. Ours alone. */
    lastUsedStep: integer('last_used_step'),
    /** Whether a passkey is asked for after the password, with or without an app beside it. Ours alone. */
    asksPasskey: integer('asks_passkey', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('user_two_factors_secret').on(table.secret),
    uniqueIndex('user_two_factors_user').on(table.userId),
  ],
);

export const signingKeys = sqliteTable('signing_keys', {
  id: text('id').primaryKey(),
  publicKey: text('public_key').notNull(),
  privateKey: text('private_key').notNull(),
  createdAt: timestamp('created_at_ms').notNull(),
  expiresAt: timestamp('expires_at_ms'),
  alg: text('alg'),
  crv: text('crv'),
});

export const userPasskeys = sqliteTable(
  'user_passkeys',
  {
    id: text('id').primaryKey(),
    name: text('name'),
    publicKey: text('public_key').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    credentialID: text('credential_id').notNull(),
    counter: integer('counter').notNull(),
    deviceType: text('device_type').notNull(),
    backedUp: integer('backed_up', { mode: 'boolean' }).notNull(),
    transports: text('transports'),
    createdAt: timestamp('created_at_ms'),
    aaguid: text('aaguid'),
  },
  (table) => [
    index('user_passkeys_user').on(table.userId),
    uniqueIndex('user_passkeys_credential').on(table.credentialID),
  ],
);
