import { sql } from 'drizzle-orm';
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { LICENCES } from '../../../platform/cards.ts';

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
    /** The release it is on; null for a recording that stands alone. */
    releaseId: text('release_id'),
    /** The release's artist. */
    artistId: text('artist_id'),
    /** “Radio edit”, “Live in Riga”. */
    versionTitle: text('version_title'),
    isrc: text('isrc'),
    explicit: integer('explicit', { mode: 'boolean' }).notNull().default(false),
    /** Null where it is the release's. */
    licence: text('licence', { enum: LICENCES }),
    downloadable: integer('downloadable', { mode: 'boolean' }).notNull().default(false),
    /** Names of columns that a person filled in: a file's tags never touch them. */
    typedFields: text('typed_fields', { mode: 'json' }).$type<string[]>().notNull().default([]),
    /** When it became public; null whenever only those who made it may see it. */
    listedAtMs: integer('listed_at_ms'),
    /** Plays that count, written in the batch of the play. */
    playCount: integer('play_count').notNull().default(0),
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
    /** The upload that the published version was made of. */
    originalUploadId: text('original_upload_id'),
    /** The upload that it is made of next: only that one's transcode may say anything about this track. */
    nextUploadId: text('next_upload_id'),
    /** While a published track is made anew: how far the new version is. `state` stays `ready`. */
    replacementState: text('replacement_state', { enum: ['uploading', 'queued', 'transcoding', 'failed'] }),
    replacementFileName: text('replacement_file_name'),
    replacementProgress: real('replacement_progress'),
    replacementFailureCode: text('replacement_failure_code'),
    replacementFailureDetail: text('replacement_failure_detail'),
  },
  (table) => [
    index('tracks_state').on(table.state, table.id),
    index('tracks_owner').on(table.ownerId, table.id),
    index('tracks_release').on(table.releaseId, table.discNumber, table.trackNumber, table.id),
    // Smart playlists and imported ones ask by name.
    index('tracks_titled').on(sql`lower(title)`).where(sql`listed_at_ms IS NOT NULL`),
    index('tracks_by_name').on(sql`lower(artist)`).where(sql`listed_at_ms IS NOT NULL`),
    index('tracks_isrc').on(table.isrc).where(sql`listed_at_ms IS NOT NULL`),
    index('tracks_listed').on(table.listedAtMs, table.id).where(sql`listed_at_ms IS NOT NULL`),
    index('tracks_most_played').on(table.playCount, table.id).where(sql`listed_at_ms IS NOT NULL`),
    index('tracks_popular')
      .on(table.artistId, table.playCount, table.id)
      .where(sql`listed_at_ms IS NOT NULL`),
  ],
);

/** What was measured of versions that were published before the present one, so that they can come back. */
export const trackVersions = sqliteTable(
  'track_versions',
  {
    version: text('version').primaryKey(),
    trackId: text('track_id').notNull(),
    fileName: text('file_name').notNull(),
    /** The columns of `tracks` that describe the sound and the file’s cover. */
    facts: text('facts', { mode: 'json' }).notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When it goes with its objects, because a newer one can come back instead; null for that newer one. */
    dropsAtMs: integer('drops_at_ms'),
  },
  (table) => [
    index('track_versions_track').on(table.trackId, table.version),
    index('track_versions_drops').on(table.dropsAtMs).where(sql`drops_at_ms IS NOT NULL`),
  ],
);

/** Tracks, and releases, that somebody deleted, until everything that others keep of them and all objects are gone. */
export const deletions = sqliteTable('track_deletions', {
  /** Of a track or of a release. */
  thingId: text('track_id').primaryKey(),
  requestedAtMs: integer('requested_at_ms').notNull(),
});

/** Words of a track, apart from it so that lists do not read them. */
export const trackLyrics = sqliteTable('track_lyrics', {
  trackId: text('track_id').primaryKey(),
  plain: text('plain'),
  /** Lines with times, `[mm:ss.xx] words`. */
  lrc: text('lrc'),
  updatedAtMs: integer('updated_at_ms').notNull(),
});
