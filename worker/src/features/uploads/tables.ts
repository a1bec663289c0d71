import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const uploads = sqliteTable(
  'uploads',
  {
    id: text('id').primaryKey(),
    trackId: text('track_id').notNull(),
    ownerId: text('owner_id').notNull(),
    fileName: text('file_name').notNull(),
    mediaType: text('media_type'),
    sizeBytes: integer('size_bytes').notNull(),
    sha256: text('sha256'),
    partSizeBytes: integer('part_size_bytes').notNull(),
    r2UploadId: text('r2_upload_id').notNull(),
    /** `cancelled` is on its way out: the row stays until its bytes are gone, so that no crash can orphan them. */
    state: text('state', { enum: ['receiving', 'completed', 'rejected', 'cancelled'] }).notNull(),
    rejectionCode: text('rejection_code'),
    rejectionDetail: text('rejection_detail'),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [
    index('uploads_owner').on(table.ownerId, table.id),
    index('uploads_owner_sha256').on(table.ownerId, table.sha256, table.id),
    index('uploads_track').on(table.trackId, table.id),
    index('uploads_state_expiry').on(table.state, table.expiresAtMs),
  ],
);

export const uploadParts = sqliteTable(
  'upload_parts',
  {
    uploadId: text('upload_id').notNull(),
    number: integer('number').notNull(),
    etag: text('etag').notNull(),
  },
  (table) => [primaryKey({ columns: [table.uploadId, table.number] })],
);
