import type { Principal } from '../../platform/auth/principal.ts';
import { notFound, ProblemError } from '../../platform/errors.ts';
import { newId, siblingId } from '../../platform/ids.ts';
import { originalKey } from '../../platform/r2-keys.ts';
import { PART_SIZE_BYTES, partCount, partSize, SWEEP_LIMIT, UPLOAD_LIFETIME_MS } from './policy.ts';
import type { DraftPort, TranscodePort } from './ports.ts';
import type { CreateUpload, Upload } from './schemas.ts';
import type { UploadRow, UploadStore } from './store.ts';
import { verifyOriginal } from './verify-original.ts';

/** What uploads need. */
export interface UploadDeps {
  store: UploadStore;
  media: R2Bucket;
  drafts: DraftPort;
  transcodes: TranscodePort;
}

/** Opens an upload and the track that it will become. */
export async function createUpload(
  deps: UploadDeps,
  owner: Principal,
  input: CreateUpload,
): Promise<UploadRow> {
  const createdAtMs = Date.now();
  const id = newId('upl', createdAtMs);
  const trackId = newId('trk', createdAtMs);
  const { uploadId: r2UploadId } = await deps.media.createMultipartUpload(originalKey(trackId, id));
  const row: UploadRow = {
    id,
    trackId,
    ownerId: owner.id,
    fileName: input.fileName,
    mediaType: input.mediaType ?? null,
    sizeBytes: input.sizeBytes,
    sha256: input.sha256 ?? null,
    partSizeBytes: PART_SIZE_BYTES,
    r2UploadId,
    state: 'receiving',
    rejectionCode: null,
    rejectionDetail: null,
    createdAtMs,
    expiresAtMs: createdAtMs + UPLOAD_LIFETIME_MS,
  };
  await deps.store.create(row, [
    deps.drafts.createDraft({ trackId, ownerId: owner.id, fileName: input.fileName, createdAtMs }),
  ]);
  return row;
}

/** Returns an upload of this owner. Throws `not_found` also for somebody else's. */
export async function findOwned(store: UploadStore, owner: Principal, uploadId: string): Promise<UploadRow> {
  const row = await store.find(uploadId);
  if (row === null || row.ownerId !== owner.id) throw notFound('There is no upload of yours with this id.');
  return row;
}

/** Throws unless the upload still takes parts. */
function mustReceive(row: UploadRow): void {
  if (row.state !== 'receiving') {
    throw new ProblemError('upload_closed', `This upload is ${row.state}; it takes no more parts.`);
  }
  if (row.expiresAtMs <= Date.now()) {
    throw new ProblemError('upload_expired', 'This upload was not finished in time. Please start it again.');
  }
}

/**
 * Stores one part and returns its etag. Parts may come in any order, in parallel and again.
 * Throws `length_required`, `part_size_mismatch`, `upload_closed`, `upload_expired`.
 */
export async function putPart(
  deps: UploadDeps,
  row: UploadRow,
  number: number,
  body: ReadableStream | null,
  contentLength: string | undefined,
): Promise<string> {
  mustReceive(row);
  if (number > partCount(row.sizeBytes)) {
    throw new ProblemError(
      'validation_failed',
      `This upload has ${partCount(row.sizeBytes)} parts, not ${number}.`,
    );
  }
  if (contentLength === undefined) {
    throw new ProblemError('length_required', 'Send the part with a Content-Length.');
  }
  const expectedBytes = partSize(row.sizeBytes, number);
  if (Number(contentLength) !== expectedBytes || body === null) {
    throw new ProblemError(
      'part_size_mismatch',
      `Part ${number} must have exactly ${expectedBytes} bytes; ${contentLength} were announced.`,
      { expectedBytes },
    );
  }
  const upload = deps.media.resumeMultipartUpload(originalKey(row.trackId, row.id), row.r2UploadId);
  const { etag } = await upload.uploadPart(number, body);
  await deps.store.putPart({ uploadId: row.id, number, etag });
  return etag;
}

/** The answer to a completed upload, the same however often it is asked for. */
export interface Completed {
  trackId: string;
  transcodeId: string;
}

/**
 * Puts the parts together, checks that they are what was promised, and queues the transcode.
 * May be repeated and interrupted at any point: every step finds out whether it is already done.
 * Throws `upload_incomplete`, `upload_parts_changed`, and as `rejected` for good `size_mismatch`,
 * `checksum_mismatch`, `unsupported_format`.
 */
export async function completeUpload(deps: UploadDeps, row: UploadRow): Promise<Completed> {
  const completed = { trackId: row.trackId, transcodeId: siblingId('trc', row.id) };
  if (row.state === 'completed') return completed;
  if (row.state === 'rejected') throw rejection(row.rejectionCode, row.rejectionDetail);
  const key = originalKey(row.trackId, row.id);
  await assemble(deps, row, key);
  const fault = await verifyOriginal(deps.media, key, row);
  if (fault !== null) {
    await deps.store.reject(row.id, fault.code, fault.message, (guard) => [
      deps.drafts.markFailed(row.trackId, { code: fault.code, detail: fault.message }, guard),
    ]);
    await deps.media.delete(key);
    throw fault;
  }
  const isFirst = await deps.store.complete(row.id, (guard) => [
    deps.transcodes.enqueue({ ...completed, originalKey: key, nowMs: Date.now() }, guard),
    deps.drafts.markQueued(row.trackId, guard),
  ]);
  if (isFirst) {
    await deps.transcodes.sendHint(completed.transcodeId, 0);
    return completed;
  }
  // Somebody else ended it meanwhile: a second call like this one, or a cancellation.
  const now = await deps.store.find(row.id);
  if (now === null) throw notFound('This upload was cancelled.');
  if (now.state === 'rejected') throw rejection(now.rejectionCode, now.rejectionDetail);
  return completed;
}

function rejection(code: string | null, detail: string | null): ProblemError {
  const known = (['size_mismatch', 'checksum_mismatch', 'unsupported_format'] as const).find(
    (own) => own === code,
  );
  return new ProblemError(known ?? 'upload_closed', detail ?? 'This upload was refused.');
}

async function assemble(deps: UploadDeps, row: UploadRow, key: string): Promise<void> {
  // An earlier call may have got this far before it was cut off.
  if ((await deps.media.head(key)) !== null) return;
  const parts = await deps.store.parts(row.id);
  const received = new Set(parts.map(({ number }) => number));
  const missingParts = Array.from({ length: partCount(row.sizeBytes) }, (_, i) => i + 1).filter(
    (number) => !received.has(number),
  );
  if (missingParts.length > 0) {
    throw new ProblemError(
      'upload_incomplete',
      `${missingParts.length} of ${partCount(row.sizeBytes)} parts are missing. Send them, then complete again.`,
      { missingParts: missingParts.slice(0, 100) },
    );
  }
  try {
    await deps.media
      .resumeMultipartUpload(key, row.r2UploadId)
      .complete(parts.map(({ number, etag }) => ({ partNumber: number, etag })));
  } catch (error) {
    if ((await deps.media.head(key)) !== null) return;
    throw new ProblemError(
      'upload_parts_changed',
      'The parts could not be put together. Send all of them again, then complete again.',
      {},
      {},
      error,
    );
  }
}

/** Ends an upload that is not completed, and its track with it. Throws `upload_closed` once its original is in. */
export async function cancelUpload(deps: UploadDeps, row: UploadRow): Promise<void> {
  if (row.state === 'completed') {
    throw new ProblemError('upload_closed', 'This upload is completed; there is nothing to cancel.');
  }
  await abandon(deps, row);
}

async function abandon(deps: UploadDeps, row: UploadRow): Promise<void> {
  const key = originalKey(row.trackId, row.id);
  // Only once the row is gone may the bytes go: had it been completed meanwhile, they must stay.
  const isRemoved = await deps.store.remove(row.id, (guard) => [deps.drafts.removeDraft(row.trackId, guard)]);
  if (!isRemoved) return;
  await deps.media
    .resumeMultipartUpload(key, row.r2UploadId)
    .abort()
    .catch(() => undefined);
  await deps.media.delete(key);
}

/** Removes uploads that were not finished or were refused, once their time is over; returns how many. */
export async function sweepUploads(deps: UploadDeps, nowMs: number): Promise<number> {
  const expired = await deps.store.expired(nowMs, SWEEP_LIMIT);
  for (const row of expired) await abandon(deps, row);
  return expired.length;
}

/** Returns the answer's form of an upload. */
export function presentUpload(row: UploadRow, receivedParts: number[]): Upload {
  return {
    uploadId: row.id,
    trackId: row.trackId,
    fileName: row.fileName,
    sizeBytes: row.sizeBytes,
    sha256: row.sha256,
    state: row.state,
    partSizeBytes: row.partSizeBytes,
    partCount: partCount(row.sizeBytes),
    receivedParts,
    createdAt: new Date(row.createdAtMs).toISOString(),
    expiresAt: new Date(row.expiresAtMs).toISOString(),
  };
}
