import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Security events, one chain an installation. Triggers (in the migration) refuse every change, every deletion and
 * every row that does not follow the last one; the hashes show it if somebody goes past the triggers.
 */
export const securityEvents = sqliteTable(
  'security_events',
  {
    /** Counts from 1 without a gap. */
    seq: integer('seq').primaryKey(),
    atMs: integer('at_ms').notNull(),
    event: text('event').notNull(),
    actorId: text('actor_id'),
    subjectId: text('subject_id'),
    /** Prefix of the address it came from. */
    network: text('network'),
    device: text('device'),
    /** JSON, exactly as it was hashed. */
    details: text('details').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
    /** Hash, with a random salt, of who, where and what: see chain.ts. Null in events from before there was one. */
    personalHash: text('personal_hash'),
    /** Goes with the person. */
    salt: text('salt'),
  },
  (table) => [
    index('security_events_subject').on(table.subjectId, table.seq),
    index('security_events_actor').on(table.actorId, table.seq),
  ],
);
