import type { Manifest } from '@melro/transcoder/contract';
import { and, desc, eq, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Position } from '../../../platform/cursor.ts';
import type { Database, Statement } from '../../../platform/db.ts';
import type { TrackRow } from './present.ts';
import { tracks } from './track-tables.ts';

/** Where a page of tracks begins and how long it is. */
export interface PageRequest {
  /** The id of the last track of the page before. */
  cursor?: string | undefined;
  limit: number;
}

/** The only writer of `tracks`. Writes are returned as statements, to share a batch with what causes them. */
export class TrackStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(trackId: string): Promise<TrackRow | null> {
    return (await this.#db.select().from(tracks).where(eq(tracks.id, trackId)).get()) ?? null;
  }

  /** Returns published tracks, newest first, one more than asked for where there are more. */
  listPublished(position: Position | undefined, limit: number): Promise<TrackRow[]> {
    const { listedAtMs, id } = tracks;
    const isAfter = position && sql`(${listedAtMs}, ${id}) < (${position.value}, ${position.name})`;
    return this.#db
      .select()
      .from(tracks)
      .where(and(isNotNull(listedAtMs), isAfter))
      .orderBy(desc(listedAtMs), desc(id))
      .limit(limit + 1);
  }

  /** Returns every track of an owner in whatever state, newest first, one more than asked for. */
  listOwned(ownerId: string, page: PageRequest): Promise<TrackRow[]> {
    const { cursor, limit } = page;
    return this.#db
      .select()
      .from(tracks)
      .where(and(eq(tracks.ownerId, ownerId), cursor === undefined ? undefined : lt(tracks.id, cursor)))
      .orderBy(desc(tracks.id))
      .limit(limit + 1);
  }

  createDraft(draft: { trackId: string; ownerId: string; fileName: string; createdAtMs: number }): Statement {
    return this.#db.insert(tracks).values({
      id: draft.trackId,
      ownerId: draft.ownerId,
      state: 'uploading',
      fileName: draft.fileName,
      title: titleFromFileName(draft.fileName),
      createdAtMs: draft.createdAtMs,
    });
  }

  /** Removes a track that never got its original; one that was published stays. */
  removeDraft(trackId: string, guard: SQL): Statement {
    return this.#db.delete(tracks).where(and(eq(tracks.id, trackId), isNull(tracks.version), guard));
  }

  /** Removes a track for good. */
  async erase(trackId: string): Promise<void> {
    await this.#db.delete(tracks).where(eq(tracks.id, trackId));
  }

  /** Hands an owner's tracks to another. */
  changeOwner(fromOwnerId: string, toOwnerId: string, guard: SQL): Statement {
    return this.#db
      .update(tracks)
      .set({ ownerId: toOwnerId })
      .where(and(eq(tracks.ownerId, fromOwnerId), guard));
  }

  /** Adds plays that count. */
  addPlays(trackId: string, count: number, guard: SQL): Statement {
    return this.#db
      .update(tracks)
      .set({ playCount: sql`${tracks.playCount} + ${count}` })
      .where(and(eq(tracks.id, trackId), guard));
  }

  markQueued(trackId: string, guard: SQL): Statement {
    return this.#db
      .update(tracks)
      .set({ state: 'queued', progress: null, failureCode: null, failureDetail: null, previewVersion: null })
      .where(and(eq(tracks.id, trackId), isNull(tracks.version), guard));
  }

  markTranscoding(trackId: string, guard: SQL): Statement {
    return this.#db
      .update(tracks)
      .set({ state: 'transcoding', progress: 0, previewVersion: null })
      .where(and(eq(tracks.id, trackId), isNull(tracks.version), guard));
  }

  setProgress(
    trackId: string,
    progress: number | null,
    previewVersion: string | null,
    guard: SQL,
  ): Statement {
    return this.#db
      .update(tracks)
      .set({ progress, previewVersion })
      .where(and(eq(tracks.id, trackId), eq(tracks.state, 'transcoding'), guard));
  }

  markFailed(trackId: string, failure: { code: string; detail: string }, guard: SQL): Statement {
    return this.#db
      .update(tracks)
      .set({
        state: 'failed',
        progress: null,
        previewVersion: null,
        failureCode: failure.code,
        failureDetail: failure.detail,
      })
      .where(and(eq(tracks.id, trackId), isNull(tracks.version), guard));
  }

  /** Publishes a version once: a row that already shows it is left alone. */
  publish(trackId: string, version: string, manifest: Manifest, nowMs: number, guard: SQL): Statement {
    const { source, loudness, tags, artwork } = manifest;
    return this.#db
      .update(tracks)
      .set({
        state: 'ready',
        version,
        previewVersion: null,
        progress: null,
        failureCode: null,
        failureDetail: null,
        ...(tags.title === null ? {} : { title: tags.title }),
        artist: tags.artist,
        albumArtist: tags.albumArtist,
        album: tags.album,
        genre: tags.genre,
        releaseDate: tags.date,
        trackNumber: tags.trackNumber,
        discNumber: tags.discNumber,
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
        publishedAtMs: nowMs,
        // On a release it is as public as the release; alone it is public at once.
        listedAtMs: sql`CASE WHEN release_id IS NULL THEN ifnull(listed_at_ms, ${nowMs})
          ELSE (SELECT r.listed_at_ms FROM releases r WHERE r.id = release_id) END`,
      })
      .where(and(eq(tracks.id, trackId), or(isNull(tracks.version), lt(tracks.version, version)), guard));
  }
}

/** Returns a readable title for a file that carries none: its name without ending and leading number. */
export function titleFromFileName(fileName: string): string {
  const stem = fileName.replace(/\.[^.]{1,5}$/, '');
  return stem.replace(/^\d{1,3}(?:\s*[-._]\s*|\s+)(?=[^\s\-._])/, '').trim() || stem || fileName;
}
