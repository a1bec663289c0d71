import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const TRANSCODE_STATES = ['queued', 'running', 'done', 'failed', 'dead'] as const;

/** One row a recording to transcode: the truth that queue messages only hint at. */
export const transcodes = sqliteTable(
  'transcodes',
  {
    id: text('id').primaryKey(),
    trackId: text('track_id').notNull(),
    originalKey: text('original_key').notNull(),
    state: text('state', { enum: TRANSCODE_STATES }).notNull(),
    /** Grows with every claim; only the holder of the current number may publish. */
    attempt: integer('attempt').notNull().default(0),
    /** Attempts that ended badly through no fault of the file. */
    faultCount: integer('fault_count').notNull().default(0),
    lastFault: text('last_fault'),
    /** The version that the current attempt writes. */
    version: text('version'),
    /** While running: when the claim lapses. While queued: when a message was last known to be under way. */
    dueAtMs: integer('due_at_ms').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    finishedAtMs: integer('finished_at_ms'),
  },
  (table) => [index('transcodes_state_due').on(table.state, table.dueAtMs)],
);

/** One row a version that ever began to be written, until what it wrote is published or swept. */
export const transcodeAttempts = sqliteTable(
  'transcode_attempts',
  {
    version: text('version').primaryKey(),
    transcodeId: text('transcode_id').notNull(),
    trackId: text('track_id').notNull(),
    state: text('state', { enum: ['writing', 'published'] }).notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
  },
  (table) => [
    index('transcode_attempts_state_started').on(table.state, table.startedAtMs),
    index('transcode_attempts_transcode').on(table.transcodeId),
  ],
);

/** Transcodes whose attempts are spent, and messages from the dead-letter queue, for an operator to look at. */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    id: text('id').primaryKey(),
    body: text('body').notNull(),
    transcodeId: text('transcode_id'),
    reason: text('reason').notNull(),
    state: text('state', { enum: ['open', 'retried', 'dropped'] }).notNull(),
    receivedAtMs: integer('received_at_ms').notNull(),
  },
  (table) => [
    index('dead_letters_state').on(table.state, table.id),
    index('dead_letters_transcode').on(table.transcodeId),
  ],
);
