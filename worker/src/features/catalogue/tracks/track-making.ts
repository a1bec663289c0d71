import type { Manifest } from '@melro/transcoder/contract';
import { and, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from '../../../platform/db.ts';
import { fillRelease } from '../releases/fill-release.ts';
import { isTyped } from '../typed-fields.ts';
import { titleFromFileName } from './store.ts';
import { tracks } from './track-tables.ts';
import { keepVersion } from './version-statements.ts';

/** A track that an upload opens. */
export interface Draft {
  trackId: string;
  uploadId: string;
  ownerId: string;
  fileName: string;
  createdAtMs: number;
  /** The release it goes on; null for a recording that stands alone. */
  releaseId: string | null;
}

/** Columns as statements: of a track that has no version yet, and of one that is made anew. */
interface Marks {
  first: Record<string, unknown>;
  again: Record<string, unknown>;
}

/**
 * Writes of a track on its way from an upload to a version; each shares the batch of what causes it. Only the upload
 * that the track is made of next has a say: an older one that is retried, given up or swept changes nothing.
 */
export class TrackMaking {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  createDraft({ trackId, uploadId, ownerId, fileName, createdAtMs, releaseId }: Draft): Statement {
    // Where somebody has put the tracks in an order, or everybody sees it, a new one goes to the end.
    const isArranged = sql`(EXISTS (SELECT 1 FROM releases r WHERE r.id = ${releaseId} AND r.listed_at_ms IS NOT NULL)
      OR EXISTS (SELECT 1 FROM tracks n, json_each(n.typed_fields) f WHERE n.release_id = ${releaseId} AND f.value = 'trackNumber'))`;
    const last = (column: string) =>
      sql`(SELECT ${sql.raw(column)} FROM tracks n WHERE n.release_id = ${releaseId} ORDER BY n.disc_number DESC, n.track_number DESC LIMIT 1)`;
    return this.#db.insert(tracks).values({
      id: trackId,
      ownerId,
      state: 'uploading',
      fileName,
      title: titleFromFileName(fileName),
      createdAtMs,
      nextUploadId: uploadId,
      ...(releaseId !== null && {
        releaseId,
        artistId: sql`(SELECT r.artist_id FROM releases r WHERE r.id = ${releaseId})`,
        discNumber: sql`CASE WHEN ${isArranged} THEN ifnull(${last('n.disc_number')}, 1) END`,
        trackNumber: sql`CASE WHEN ${isArranged} THEN ifnull(${last('n.track_number')}, 0) + 1 END`,
        typedFields: sql`CASE WHEN ${isArranged} THEN '["discNumber","trackNumber"]' ELSE '[]' END`,
      }),
    });
  }

  /** Has a track made of another upload next; changes nothing while it is being made already. */
  beginReplacement({
    trackId,
    uploadId,
    fileName,
  }: Omit<Draft, 'releaseId' | 'ownerId' | 'createdAtMs'>): Statement {
    return this.#mark(
      {
        first: {
          state: 'uploading',
          fileName,
          failureCode: null,
          failureDetail: null,
          nextUploadId: uploadId,
        },
        again: {
          replacementState: 'uploading',
          replacementFileName: fileName,
          replacementProgress: null,
          replacementFailureCode: null,
          replacementFailureDetail: null,
          nextUploadId: uploadId,
        },
      },
      sql`id = ${trackId} AND CASE WHEN version IS NULL THEN state = 'failed' ELSE ifnull(replacement_state, 'failed') = 'failed' END`,
    );
  }

  /** Ends what an upload began that is given up: a track that was never published goes, one that was stays. */
  removeDraft(trackId: string, uploadId: string, guard: SQL): Statement[] {
    return [
      this.#db
        .delete(tracks)
        .where(and(eq(tracks.id, trackId), isNull(tracks.version), this.#isNext(uploadId), guard)),
      this.#db
        .update(tracks)
        .set({ ...NO_REPLACEMENT, nextUploadId: sql`original_upload_id` })
        .where(and(eq(tracks.id, trackId), isReplacedBy(uploadId), guard)),
    ];
  }

  markQueued(trackId: string, uploadId: string, guard: SQL): Statement {
    const none = { progress: null, failureCode: null, failureDetail: null };
    return this.#markMaking(trackId, uploadId, guard, {
      first: { state: 'queued', previewVersion: null, ...none },
      again: {
        replacementState: 'queued',
        replacementProgress: null,
        replacementFailureCode: null,
        replacementFailureDetail: null,
      },
    });
  }

  markTranscoding(trackId: string, uploadId: string, guard: SQL): Statement {
    return this.#markMaking(trackId, uploadId, guard, {
      first: { state: 'transcoding', progress: 0, previewVersion: null },
      again: { replacementState: 'transcoding', replacementProgress: 0 },
    });
  }

  setProgress(
    trackId: string,
    uploadId: string,
    progress: number | null,
    previewVersion: string | null,
    guard: SQL,
  ): Statement {
    const isUnderWay = sql`CASE WHEN version IS NULL THEN state ELSE replacement_state END = 'transcoding'`;
    return this.#markMaking(trackId, uploadId, sql`${isUnderWay} AND ${guard}`, {
      first: { progress, previewVersion },
      again: { replacementProgress: progress },
    });
  }

  markFailed(
    trackId: string,
    uploadId: string,
    failure: { code: string; detail: string },
    guard: SQL,
  ): Statement {
    return this.#markMaking(trackId, uploadId, guard, {
      first: {
        state: 'failed',
        progress: null,
        previewVersion: null,
        failureCode: failure.code,
        failureDetail: failure.detail,
      },
      again: {
        replacementState: 'failed',
        replacementProgress: null,
        replacementFailureCode: failure.code,
        replacementFailureDetail: failure.detail,
      },
    });
  }

  /**
   * Shows a version: the switch is one write, and a row that already shows it is left alone. The version before it is
   * kept, to come back. A file's tags fill what is empty of a track that is new, and of its release while that is a
   * draft; never what a person has typed.
   */
  publish(
    trackId: string,
    uploadId: string,
    version: string,
    manifest: Manifest,
    nowMs: number,
    guard: SQL,
  ): Statement[] {
    const { source, loudness, tags, artwork } = manifest;
    const isFirst = sql`version IS NULL`;
    const fromTag = (
      field: string,
      column: string,
      value: string | number | null,
      empty: SQL = sql`${value}`,
    ) => sql`CASE WHEN ${isFirst} AND NOT ${isTyped(field)} THEN ${empty} ELSE ${sql.raw(column)} END`;
    const isOlder = or(isNull(tracks.version), lt(tracks.version, version));
    const holds = and(eq(tracks.id, trackId), isOlder, this.#isNext(uploadId), guard) ?? sql`0`;
    return [
      ...keepVersion(this.#db, trackId, nowMs, holds),
      this.#db
        .update(tracks)
        .set({
          state: 'ready',
          version,
          originalUploadId: uploadId,
          nextUploadId: uploadId,
          ...NO_REPLACEMENT,
          fileName: sql`ifnull(replacement_file_name, file_name)`,
          previewVersion: null,
          progress: null,
          failureCode: null,
          failureDetail: null,
          title: fromTag('title', 'title', tags.title, sql`ifnull(${tags.title}, title)`),
          artist: fromTag('artist', 'artist', tags.artist),
          albumArtist: tags.albumArtist,
          album: tags.album,
          genre: tags.genre,
          releaseDate: tags.date,
          trackNumber: fromTag('trackNumber', 'track_number', tags.trackNumber),
          discNumber: fromTag('discNumber', 'disc_number', tags.discNumber),
          durationSeconds: manifest.durationSeconds,
          sourceCodec: source.codec,
          sourceSampleRateHz: source.sampleRateHz,
          sourceBitsPerSample: source.bitsPerSample,
          sourceBitrateKbps: source.bitrateKbps,
          sourceLossless: source.lossless,
          integratedLufs: loudness?.integratedLufs ?? null,
          loudnessRangeLu: loudness?.rangeLu ?? null,
          truePeakDbtp: loudness?.truePeakDbtp ?? null,
          clippedSampleCount: manifest.clippedSampleCount,
          artworkPlaceholder: artwork?.placeholder ?? null,
          artworkColour1: artwork?.colours[0] ?? null,
          artworkColour2: artwork?.colours[1] ?? null,
          publishedAtMs: sql`ifnull(published_at_ms, ${nowMs})`,
          // On a release it is as public as the release; alone it is public at once.
          listedAtMs: sql`CASE WHEN release_id IS NULL THEN ifnull(listed_at_ms, ${nowMs})
          ELSE (SELECT r.listed_at_ms FROM releases r WHERE r.id = release_id) END`,
        })
        .where(holds),
      ...fillRelease(this.#db, { trackId, version, tags, artwork }, guard),
    ];
  }

  #markMaking(trackId: string, uploadId: string, guard: SQL, marks: Marks): Statement {
    const isAbout = or(and(isNull(tracks.version), this.#isNext(uploadId)), isReplacedBy(uploadId));
    return this.#mark(marks, and(eq(tracks.id, trackId), isAbout, guard) ?? sql`0`);
  }

  #mark({ first, again }: Marks, where: SQL): Statement {
    const set: Record<string, SQL> = {};
    for (const name of new Set([...Object.keys(first), ...Object.keys(again)])) {
      const column = sql.identifier(tracks[name as 'state'].name);
      const value = (of: Record<string, unknown>) => (name in of ? sql`${of[name]}` : column);
      set[name] = sql`CASE WHEN version IS NULL THEN ${value(first)} ELSE ${value(again)} END`;
    }
    return this.#db.update(tracks).set(set).where(where);
  }

  /** True for tracks that this upload has a say about; rows from before uploads were noted are anybody's. */
  #isNext(uploadId: string): SQL {
    return sql`ifnull(next_upload_id, ${uploadId}) = ${uploadId}`;
  }
}

const NO_REPLACEMENT = {
  replacementState: null,
  replacementFileName: null,
  replacementProgress: null,
  replacementFailureCode: null,
  replacementFailureDetail: null,
} as const;

/** True for published tracks that this upload makes anew. */
function isReplacedBy(uploadId: string): SQL {
  return sql`version IS NOT NULL AND next_upload_id = ${uploadId} AND original_upload_id IS NOT ${uploadId}`;
}
