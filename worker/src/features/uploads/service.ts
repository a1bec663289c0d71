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

/**
 * Opens an upload and the track that it will become, or the new version of one. Throws `not_found` for releases and
 * tracks of others, `too_many_tracks`, `replacement_running`.
 */
export async function createUpload(
  deps: UploadDeps,
  owner: Principal,
  input: CreateUpload,
): Promise<UploadRow> {
  const { releaseId = null, replaces = null } = input;
  if (releaseId !== null || replaces !== null)
    await deps.drafts.requirePlace(owner.id, { releaseId, replaces });
  const createdAtMs = Date.now();
  const id = newId('upl', createdAtMs);
  const trackId = replaces ?? newId('trk', createdAtMs);
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
  const { fileName } = input;
  const became = await deps.store.create(
    row,
    replaces === null
      ? deps.drafts.createDraft({
          trackId,
          uploadId: id,
          ownerId: owner.id,
          fileName,
          createdAtMs,
          releaseId,
        })
      : deps.drafts.beginReplacement({ trackId, uploadId: id, fileName }),
  );
  if (!became) {
    await abandon(deps, row);
    throw new ProblemError(
      'replacement_running',
      'A new version of this track is being made already. Wait until it is there, or cancel its upload.',
    );
  }
  return row;
}

/** Returns an upload of this owner. Throws `not_found` also for somebody else's and for a cancelled one. */
export async function findOwned(store: UploadStore, owner: Principal, uploadId: string): Promise<UploadRow> {
  const row = await store.find(uploadId);
  if (row === null || row.ownerId !== owner.id || row.state === 'cancelled')
    throw notFound('There is no upload of yours with this id.');
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
  const key = originalKey(row.trackId, row.id);
  const upload = deps.media.resumeMultipartUpload(key, row.r2UploadId);
  const part = await upload.uploadPart(number, body).catch((error) => refusedPart(deps, row, key, error));
  await deps.store.putPart({ uploadId: row.id, number, etag: part.etag });
  return part.etag;
}

/** Throws why a part could not be stored: the upload ended meanwhile, or else what went wrong. */
async function refusedPart(deps: UploadDeps, row: UploadRow, key: string, error: unknown): Promise<never> {
  const now = await deps.store.find(row.id);
  if (now === null || now.state === 'cancelled') throw notFound('This upload was cancelled.');
  mustReceive(now);
  if ((await deps.media.head(key)) === null) throw error;
  throw new ProblemError('upload_closed', 'All parts are put together already. Complete the upload.');
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
  const fault = await assembleAndVerify(deps, row, key);
  if (fault !== null) {
    const isRejected = await deps.store.reject(row.id, fault.code, fault.message, (guard) => [
      deps.drafts.markFailed(row.trackId, row.id, { code: fault.code, detail: fault.message }, guard),
    ]);
    // Only who rejected it may take the bytes away: an original that was completed meanwhile must stay.
    if (isRejected) await deps.media.delete(key);
    throw fault;
  }
  const isFirst = await deps.store.complete(row.id, (guard) => [
    deps.transcodes.enqueue({ ...completed, originalKey: key, nowMs: Date.now() }, guard),
    deps.drafts.markQueued(row.trackId, row.id, guard),
  ]);
  if (isFirst) {
    await deps.transcodes.sendHint(completed.transcodeId, 0);
    return completed;
  }
  await mustNotHaveEnded(deps.store, row.id);
  return completed;
}

/** Throws how somebody else ended the upload meanwhile: a second call, or a cancellation. */
async function mustNotHaveEnded(store: UploadStore, uploadId: string): Promise<void> {
  const now = await store.find(uploadId);
  if (now === null || now.state === 'cancelled') throw notFound('This upload was cancelled.');
  if (now.state === 'rejected') throw rejection(now.rejectionCode, now.rejectionDetail);
}

function rejection(code: string | null, detail: string | null): ProblemError {
  const known = (['size_mismatch', 'checksum_mismatch', 'unsupported_format'] as const).find(
    (own) => own === code,
  );
  return new ProblemError(known ?? 'upload_closed', detail ?? 'This upload was refused.');
}

async function assembleAndVerify(
  deps: UploadDeps,
  row: UploadRow,
  key: string,
): Promise<ProblemError | null> {
  try {
    await assemble(deps, row, key);
    return await verifyOriginal(deps.media, key, row);
  } catch (error) {
    // Parts and bytes also go missing where somebody else ended the upload meanwhile, and then that is the answer.
    await mustNotHaveEnded(deps.store, row.id);
    throw error;
  }
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
  if (row.state !== 'completed' && (await abandon(deps, row))) return;
  // Cancelled twice at once is cancelled.
  if ((await deps.store.find(row.id)) === null) return;
  throw new ProblemError('upload_closed', 'This upload is completed; there is nothing to cancel.');
}

/** Returns false when the upload was completed meanwhile. May be cut off anywhere: the sweep goes on with it. */
export async function abandon(deps: UploadDeps, row: UploadRow): Promise<boolean> {
  const key = originalKey(row.trackId, row.id);
  // Only once it is cancelled may the bytes go: had it been completed meanwhile, they must stay.
  const isCancelled = await deps.store.cancel(row.id, Date.now(), (guard) =>
    deps.drafts.removeDraft(row.trackId, row.id, guard),
  );
  if (!isCancelled) return false;
  // First the parts, then what they may have become: after this nobody can put them together any more.
  await deps.media.resumeMultipartUpload(key, row.r2UploadId).abort().catch(unlessGone);
  await deps.media.delete(key);
  await deps.store.forget(row.id);
  return true;
}

/** R2's code for a multipart upload that was completed, aborted or has expired. */
function unlessGone(error: unknown): void {
  if (!String(error).includes('(10024)')) throw error;
}

/** Removes uploads that were not finished or were refused, once their time is over; returns how many. */
export async function sweepUploads(deps: UploadDeps, nowMs: number): Promise<number> {
  let count = 0;
  for (const row of await deps.store.expired(nowMs, SWEEP_LIMIT)) {
    if (await abandon(deps, row)) count++;
  }
  return count;
}

/** Returns the answer's form of an upload. */
export function presentUpload(row: UploadRow, receivedParts: number[]): Upload {
  if (row.state === 'cancelled') throw notFound();
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
