import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ApiClient, Track } from '../lib/api-client.ts';
import { ApiError } from '../lib/api-error.ts';
import { findEarlier } from '../lib/earlier-upload.ts';
import { ReleaseShelf } from '../lib/release-shelf.ts';
import { TranscodeWatch } from '../lib/transcodes.ts';
import { type UploadSource, uploadFile } from '../lib/upload-file.ts';
import { type Album, releaseOf, type Song, songLabel } from './albums.ts';
import type { ImportProgress } from './progress.ts';
import type { Report } from './report.ts';
import { explainFileError } from './walk.ts';

export type ImportOptions = {
  client: ApiClient;
  albums: readonly Album[];
  concurrency: number;
  report: Report;
  progress: ImportProgress;
  signal: AbortSignal;
  onFailure?: (file: string, reason: string) => void;
};

/** After this many files in a row that found no server, the server is taken to be gone. */
const UNREACHABLE_IN_A_ROW = 2;

/**
 * Uploads all songs onto their releases, a few at a time, waits until the server has prepared them, and publishes. What goes wrong with
 * one file lands in the report; it rejects only when interrupted or when the server is gone.
 */
export async function importSongs(options: ImportOptions): Promise<void> {
  const { client, report, progress } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const names = new Map<string, string>();
  const fail = (file: string, code: string, reason: string): void => {
    report.fail(file, code, reason);
    options.onFailure?.(file, reason);
  };
  const settled = (track: Track): void => {
    const file = names.get(track.trackId) ?? track.title;
    if (track.state === 'ready') report.imported++;
    else fail(file, track.failure?.code ?? 'failed', track.failure?.detail ?? 'It could not be prepared');
  };
  const watch = new TranscodeWatch(client, settled, signal);
  const shelf = new ReleaseShelf(client);
  const queue = options.albums.flatMap((album) =>
    album.songs.map((song) => ({ song, release: releaseOf(album, song) })),
  );
  const hashes = new Map<string, string>();
  let unreachable = 0;
  let uploading = options.concurrency;

  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { song, release } = next;
      signal.throwIfAborted();
      progress.begin(songLabel(song));
      let counted = 0;
      const count = (bytes: number, sent: boolean): void => {
        counted += bytes;
        progress.advance(bytes, sent);
      };
      try {
        const outcome = await importSong({ client, shelf }, song, release, hashes, count, signal);
        unreachable = 0;
        if (outcome.kind === 'duplicate') report.duplicates.push({ file: song.relativePath, of: outcome.of });
        else if (outcome.kind === 'sent' || isPreparing(outcome.track)) {
          names.set(outcome.kind === 'sent' ? outcome.trackId : outcome.track.trackId, song.relativePath);
          watch.add(outcome.kind === 'sent' ? outcome.trackId : outcome.track.trackId);
          if (outcome.kind === 'sent' && outcome.resumed) report.resumed++;
        } else if (outcome.track.state === 'ready') report.alreadyThere++;
        else {
          const { code, detail } = outcome.track.failure ?? {
            code: 'failed',
            detail: 'It could not be prepared',
          };
          fail(song.relativePath, code, `${detail} (sent earlier, and failed then)`);
        }
      } catch (error) {
        signal.throwIfAborted();
        const { code, reason } = explain(error);
        if (code === 'unreachable' && ++unreachable >= UNREACHABLE_IN_A_ROW) throw error;
        fail(song.relativePath, code, reason);
      }
      progress.advance(song.sizeBytes - counted, false);
      progress.finishFile();
    }
    uploading--;
  };

  const ticker = setInterval(() => progress.show(watch.pending), 150);
  try {
    const workers = Array.from({ length: options.concurrency }, worker);
    await Promise.all([...workers, watch.run(() => uploading === 0)]);
    const { published, held } = await shelf.publish();
    report.published = published;
    report.held.push(...held);
  } finally {
    stop.abort();
    report.preparing = watch.pending;
    clearInterval(ticker);
  }
}

type Outcome =
  | { kind: 'sent'; trackId: string; resumed: boolean }
  | { kind: 'present'; track: Track }
  | { kind: 'duplicate'; of: string };

async function importSong(
  { client, shelf }: { client: ApiClient; shelf: ReleaseShelf },
  song: Song,
  release: { artist: string; title: string },
  hashes: Map<string, string>,
  count: (bytes: number, sent: boolean) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const file = await open(song.path, 'r');
  try {
    const sha256 = await hashFile(file, signal);
    const twin = hashes.get(sha256);
    if (twin !== undefined) return { kind: 'duplicate', of: twin };
    hashes.set(sha256, song.relativePath);
    const releaseId = await shelf.releaseFor(release.artist, release.title);
    const earlier = await findEarlier(client, { sha256, sizeBytes: song.sizeBytes });
    if (earlier.kind === 'present') return { kind: 'present', track: earlier.track };
    const source: UploadSource = {
      fileName: basename(song.path),
      sizeBytes: song.sizeBytes,
      read: (start, end) => readExactly(file, start, end),
    };
    const unfinished = earlier.kind === 'unfinished' ? earlier.upload : undefined;
    const result = await uploadFile(client, source, {
      sha256,
      releaseId,
      unfinished,
      onBytes: count,
    });
    return { kind: 'sent', ...result };
  } finally {
    await file.close();
  }
}

function isPreparing(track: Track): boolean {
  return track.state === 'uploading' || track.state === 'queued' || track.state === 'transcoding';
}

async function hashFile(file: FileHandle, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(1 << 20);
  for (let position = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

async function readExactly(file: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new FileChangedError();
    filled += bytesRead;
  }
  return bytes;
}

class FileChangedError extends Error {
  override message = 'The file became shorter while it was being read';
}

function explain(error: unknown): { code: string; reason: string } {
  if (error instanceof ApiError) return { code: error.code, reason: error.message };
  if (error instanceof FileChangedError) return { code: 'file_changed', reason: error.message };
  return explainFileError(error);
}

/** Counts in the report what the tags tell: songs without tags, songs without a cover. */
export function noteTags(
  report: Report,
  songs: readonly Song[],
  foldersWithCover: ReadonlySet<string>,
): void {
  for (const song of songs) {
    if (song.tags?.title === undefined) report.untagged++;
    if (song.tags?.hasCover === true) continue;
    report.withoutCover.push(song.relativePath);
    if (foldersWithCover.has(dirname(song.path))) report.folderCoverOnly++;
  }
}
