import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const MAIL_STATES = ['queued', 'sending', 'sent', 'failed'] as const;

/**
 * One row a message to a person: the truth that queue messages only hint at.
 * Address, subject and bodies are emptied as soon as the message has left or was given up, for they hold links
 * that open accounts; only the outbox of a development installation keeps them.
 */
export const mailMessages = sqliteTable(
  'mail_messages',
  {
    id: text('id').primaryKey(),
    /** SHA-256 of what the caller says makes this message this one; the same twice is one message. */
    dedupeHash: text('dedupe_hash').notNull().unique(),
    template: text('template').notNull(),
    locale: text('locale').notNull(),
    state: text('state', { enum: MAIL_STATES }).notNull(),
    recipient: text('recipient'),
    subject: text('subject'),
    textBody: text('text_body'),
    htmlBody: text('html_body'),
    /** Grows with every claim; only the holder of the current number may end it. */
    attempt: integer('attempt').notNull().default(0),
    faultCount: integer('fault_count').notNull().default(0),
    /** What went wrong last, without addresses. */
    lastFault: text('last_fault'),
    /** The provider's name for the message. */
    providerId: text('provider_id'),
    /** While queued: not to be sent before. While sending: when the claim lapses. After: when the row is removed. */
    dueAtMs: integer('due_at_ms').notNull(),
    /** From then on it is of no use to anybody, and is not sent any more. */
    uselessAtMs: integer('useless_at_ms').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    finishedAtMs: integer('finished_at_ms'),
  },
  (table) => [
    index('mail_messages_state_due').on(table.state, table.dueAtMs),
    index('mail_messages_recipient').on(table.recipient).where(sql`recipient IS NOT NULL`),
    index('mail_messages_failed').on(table.id).where(sql`state = 'failed'`),
  ],
);
