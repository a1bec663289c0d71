import type { LinkTokens } from '../../platform/link-tokens.ts';
import { logError, logEvent } from '../../platform/log.ts';
import { exportKey } from '../../platform/r2-keys.ts';
import { type ArchiveDeps, writeArchive } from './archive.ts';
import { backoffSeconds, EARLY_MS, EXPORT_KEPT_MS, LEASE_MS, MAX_FAULTS } from './policy.ts';
import type { People, SendDataMail } from './ports.ts';
import type { ExportClaim, ExportRow, ExportStore } from './store.ts';

/** What making copies needs. */
export interface RunExportDeps extends ArchiveDeps {
  store: ExportStore;
  people: Pick<People, 'find'>;
  sendMail: SendDataMail;
  links: LinkTokens;
  sendHint(exportId: string, delaySeconds: number): Promise<void>;
  log: boolean;
}

/** The kind of link that a copy is fetched by. */
export const EXPORT_LINK = 'export';

/** Somebody else has taken the copy over, or it is gone. */
class ClaimLost extends Error {}

/** R2's codes for an upload that was completed, aborted or never was. */
function unlessGone(error: unknown): void {
  if (!/\((10024|10043)\)/.test(String(error))) throw error;
}

/**
 * Makes the next archive of a copy that waits for one; otherwise does nothing, so that any hint may come twice, early,
 * late or never. Ends with the copy ready and its owner told, or back in the queue with a new hint.
 */
export async function runExport(deps: RunExportDeps, exportId: string): Promise<void> {
  const nowMs = Date.now();
  const row = await deps.store.find(exportId);
  if (row?.state !== 'queued' || row.dueAtMs > nowMs + EARLY_MS) return;
  const claim = await deps.store.claim(row, nowMs, LEASE_MS);
  if (claim === null) return;
  try {
    await takeBack(deps.media, row);
    await makeArchive(deps, claim);
  } catch (error) {
    await conclude(deps, claim, error);
  }
}

/** Ends what an attempt that died has left at R2. */
export async function takeBack(
  media: R2Bucket,
  { id, userId, attempt, r2UploadId }: ExportRow,
): Promise<void> {
  if (r2UploadId === null) return;
  const key = exportKey(userId, id, attempt);
  await media.resumeMultipartUpload(key, r2UploadId).abort().catch(unlessGone);
  // It may have died right after its archive was whole, and nobody has written that down.
  await media.delete(key);
}

async function makeArchive(deps: RunExportDeps, claim: ExportClaim): Promise<void> {
  const { store, media } = deps;
  const { userId, exportId, attempt, cursor, archives } = claim;
  const key = exportKey(userId, exportId, attempt);
  const { uploadId } = await media.createMultipartUpload(key, {
    httpMetadata: { contentType: 'application/zip' },
  });
  if (!(await store.noteUpload(claim, uploadId))) throw new ClaimLost();
  const start = { userId, number: archives.length + 1, cursor, madeAtMs: claim.createdAtMs };
  let renewedAtMs = Date.now();
  const made = await writeArchive(deps, start, media.resumeMultipartUpload(key, uploadId), async () => {
    if (Date.now() - renewedAtMs < LEASE_MS / 6) return;
    renewedAtMs = Date.now();
    if (!(await store.renew(claim, renewedAtMs, LEASE_MS))) throw new ClaimLost();
  });
  const done = [...archives, { key, sizeBytes: made.sizeBytes }];
  if (made.isLast) await finish(deps, claim, done);
  else {
    if (!(await store.goOn(claim, done, made.cursor, Date.now()))) throw new ClaimLost();
    await deps.sendHint(exportId, 0);
  }
}

async function finish(deps: RunExportDeps, claim: ExportClaim, archives: ExportClaim['archives']) {
  const { store, people, sendMail, links } = deps;
  const { exportId, userId, attempt } = claim;
  const nowMs = Date.now();
  const expiresAtMs = nowMs + EXPORT_KEPT_MS;
  if (!(await store.renew(claim, nowMs, LEASE_MS))) throw new ClaimLost();
  const person = await people.find(userId);
  // Told before it is written down: who dies in between does it again, and the same message twice is one.
  if (person !== null) {
    await sendMail({
      template: 'export_ready',
      to: person.email,
      locale: person.locale,
      idempotencyKey: exportId,
      data: { name: person.name, token: await links.sign(EXPORT_LINK, exportId), expiresAtMs },
    });
  }
  if (!(await store.finish(claim, archives, nowMs, expiresAtMs))) throw new ClaimLost();
  const sizeBytes = archives.reduce((sum, archive) => sum + archive.sizeBytes, 0);
  if (deps.log)
    logEvent('export', { exportId, attempt, archives: archives.length, sizeBytes, outcome: 'ready' });
}

async function conclude(deps: RunExportDeps, claim: ExportClaim, error: unknown): Promise<void> {
  const { store, media, sendHint } = deps;
  const { exportId, userId, attempt } = claim;
  const row = await store.find(exportId);
  // The answer to the last write may have been lost after it had gone through: then there is nothing to put right.
  if (row?.attempt === attempt && row.state !== 'running') return;
  const key = exportKey(userId, exportId, attempt);
  if (row?.attempt === attempt) await takeBack(media, row);
  else await media.delete(key);
  if (error instanceof ClaimLost) return;
  logError('export', error, { exportId, attempt });
  const faults = claim.faultCount + 1;
  const reason = error instanceof Error ? error.name : 'unknown';
  if (faults >= MAX_FAULTS) {
    await store.fail(claim, reason, Date.now(), Date.now() + EXPORT_KEPT_MS);
    return;
  }
  const delaySeconds = backoffSeconds(faults);
  if (await store.release(claim, reason, Date.now() + delaySeconds * 1000))
    await sendHint(exportId, delaySeconds);
}
