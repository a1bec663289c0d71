import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const EXPORT_STATES = ['queued', 'running', 'ready', 'failed'] as const;

/** One row a copy of somebody's data: the truth that queue messages only hint at. */
export const dataExports = sqliteTable(
  'data_exports',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    state: text('state', { enum: EXPORT_STATES }).notNull(),
    /** Grows with every claim; only the holder of the current number may write down what it made. */
    attempt: integer('attempt').notNull().default(0),
    /** Attempts at the current archive that ended badly. */
    faultCount: integer('fault_count').notNull().default(0),
    lastFault: text('last_fault'),
    /** JSON: the archives that are done, `[{key, sizeBytes}]`. */
    archives: text('archives').notNull().default('[]'),
    /** The last original in them; the next archive goes on behind it. */
    cursor: text('cursor'),
    /** The R2 upload of the current attempt, to be taken back if the attempt dies. */
    r2UploadId: text('r2_upload_id'),
    /** Queued: when a message was last known to be under way. Running: when the claim lapses. Else: when it goes. */
    dueAtMs: integer('due_at_ms').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    finishedAtMs: integer('finished_at_ms'),
  },
  (table) => [
    index('data_exports_user').on(table.userId, table.id),
    index('data_exports_state_due').on(table.state, table.dueAtMs),
    uniqueIndex('data_exports_one_running').on(table.userId).where(sql`state IN ('queued', 'running')`),
  ],
);
