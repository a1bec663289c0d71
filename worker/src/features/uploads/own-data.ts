import { siblingId } from '../../platform/ids.ts';
import { originalKey } from '../../platform/r2-keys.ts';
import type { ErasePort } from './ports.ts';
import { abandon, type UploadDeps } from './service.ts';
import type { UploadRow, UploadStore } from './store.ts';

const PAGE = 100;

/** An original as its owner gets it back. */
export interface OwnOriginal {
  uploadId: string;
  fileName: string;
  sizeBytes: number;
  key: string;
  uploadedAtMs: number;
}

/** Returns somebody's originals in the order of their upload, those behind the upload `after`. */
export async function* originalsOf(
  store: UploadStore,
  ownerId: string,
  after: string | null,
): AsyncGenerator<OwnOriginal> {
  for (let cursor = after ?? ''; ; ) {
    const rows = await store.listCompleted(ownerId, cursor, PAGE);
    for (const { id, trackId, fileName, sizeBytes, createdAtMs } of rows) {
      yield { uploadId: id, fileName, sizeBytes, key: originalKey(trackId, id), uploadedAtMs: createdAtMs };
    }
    if (rows.length < PAGE) return;
    cursor = rows.at(-1)?.id ?? '';
  }
}

function presentOwn(row: UploadRow) {
  return {
    uploadId: row.id,
    trackId: row.trackId,
    fileName: row.fileName,
    mediaType: row.mediaType,
    sizeBytes: row.sizeBytes,
    sha256: row.sha256,
    state: row.state,
    rejection: row.rejectionCode,
    createdAt: new Date(row.createdAtMs).toISOString(),
  };
}

/** Returns what is kept of somebody's uploads. */
export async function exportUploads(store: UploadStore, ownerId: string): Promise<unknown[]> {
  const uploads: unknown[] = [];
  for (let cursor: string | undefined; ; ) {
    const rows = await store.list(ownerId, { cursor, limit: PAGE });
    const page = rows.slice(0, PAGE);
    uploads.push(...page.map(presentOwn));
    if (rows.length <= PAGE) return uploads;
    cursor = page.at(-1)?.id;
  }
}

/**
 * Removes some of somebody's uploads with their bytes and transcodes; returns whether none is left. May be cut off
 * anywhere and repeated: a row goes after what it names.
 */
export async function eraseUploads(
  deps: UploadDeps & { erase: ErasePort },
  ownerId: string,
  limit: number,
): Promise<boolean> {
  const rows = await deps.store.listAll(ownerId, limit);
  await eraseRows(deps, rows);
  return rows.length < limit;
}

/** Removes the uploads of a track in the same way. */
export async function eraseUploadsOfTrack(
  deps: UploadDeps & { erase: ErasePort },
  trackId: string,
): Promise<boolean> {
  const rows = await deps.store.listOfTrack(trackId, PAGE);
  await eraseRows(deps, rows);
  return rows.length < PAGE;
}

/** Removes one completed upload in the same way. */
export async function eraseUpload(deps: UploadDeps & { erase: ErasePort }, uploadId: string): Promise<void> {
  const row = await deps.store.find(uploadId);
  if (row !== null) await eraseRows(deps, [row]);
}

async function eraseRows(deps: UploadDeps & { erase: ErasePort }, rows: readonly UploadRow[]): Promise<void> {
  for (const row of rows) {
    // Whatever still receives is ended as its owner would end it; an upload that is completed meanwhile comes next time.
    if (row.state !== 'completed') {
      await abandon(deps, row);
      continue;
    }
    await deps.media.delete(originalKey(row.trackId, row.id));
    await deps.store.erase(row.id, deps.erase.removeTranscode(siblingId('trc', row.id)));
  }
}
