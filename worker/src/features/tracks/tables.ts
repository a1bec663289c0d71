import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const TRACK_STATES = ['uploading', 'queued', 'transcoding', 'ready', 'failed'] as const;

export const tracks = sqliteTable(
  'tracks',
  {
    id: text('id').primaryKey(),
    ownerId: text('owner_id').notNull(),
    state: text('state', { enum: TRACK_STATES }).notNull(),
    progress: real('progress'),
    failureCode: text('failure_code'),
    failureDetail: text('failure_detail'),
    fileName: text('file_name').notNull(),
    title: text('title').notNull(),
    artist: text('artist'),
    albumArtist: text('album_artist'),
    album: text('album'),
    genre: text('genre'),
    releaseDate: text('release_date'),
    trackNumber: integer('track_number'),
    discNumber: integer('disc_number'),
    /** The published version; null until there is one. */
    version: text('version'),
    /** The version being made that its owner may already listen to. */
    previewVersion: text('preview_version'),
    durationSeconds: real('duration_seconds'),
    sourceCodec: text('source_codec'),
    sourceSampleRateHz: integer('source_sample_rate_hz'),
    sourceBitsPerSample: integer('source_bits_per_sample'),
    sourceBitrateKbps: real('source_bitrate_kbps'),
    sourceLossless: integer('source_lossless', { mode: 'boolean' }),
    integratedLufs: real('integrated_lufs'),
    loudnessRangeLu: real('loudness_range_lu'),
    truePeakDbtp: real('true_peak_dbtp'),
    clippedSampleCount: integer('clipped_sample_count'),
    artworkPlaceholder: text('artwork_placeholder'),
    artworkColour1: text('artwork_colour_1'),
    artworkColour2: text('artwork_colour_2'),
    createdAtMs: integer('created_at_ms').notNull(),
    publishedAtMs: integer('published_at_ms'),
  },
  (table) => [
    index('tracks_state').on(table.state, table.id),
    index('tracks_owner').on(table.ownerId, table.id),
  ],
);
