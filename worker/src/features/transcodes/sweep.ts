import { newId } from '../../platform/ids.ts';
import { hlsPrefix } from '../../platform/r2-keys.ts';
import { deletePrefix } from '../../platform/r2-objects.ts';
import { GAVE_UP, LOST_MESSAGE_MS, MAX_FAULTS, ORPHAN_MS, SWEEP_LIMIT } from './policy.ts';
import { type TrackPort, uploadOf } from './ports.ts';
import type { TranscodeStore } from './store.ts';

const SILENT = 'the consumer went silent';

/** What a sweep of transcodes needs. */
export interface SweepDeps {
  store: TranscodeStore;
  tracks: TrackPort;
  media: R2Bucket;
  sendHint(transcodeId: string, delaySeconds: number): Promise<void>;
}

/** What one sweep of transcodes did. */
export interface TranscodeSweep {
  lapsedClaims: number;
  lostMessages: number;
  orphanedVersions: number;
}

/** Puts right what crashes leave behind: lapsed claims, lost messages, objects of attempts that lost. */
export async function sweepTranscodes(deps: SweepDeps, nowMs: number): Promise<TranscodeSweep> {
  const lapsedClaims = await requeueLapsed(deps, nowMs);
  const lostMessages = await resendLost(deps, nowMs);
  const orphanedVersions = await removeOrphans(deps, nowMs);
  return { lapsedClaims, lostMessages, orphanedVersions };
}

async function requeueLapsed({ store, tracks, sendHint }: SweepDeps, nowMs: number): Promise<number> {
  let count = 0;
  for (const row of await store.lapsed(nowMs, SWEEP_LIMIT)) {
    const claim = {
      transcodeId: row.id,
      trackId: row.trackId,
      originalKey: row.originalKey,
      attempt: row.attempt,
      version: row.version ?? newId('ver'),
      faultCount: row.faultCount,
    };
    // A file that takes every consumer down with it must not do so for ever.
    const released =
      row.faultCount + 1 >= MAX_FAULTS
        ? await store.giveUp(claim, SILENT, nowMs, (guard) => [
            tracks.markFailed(row.trackId, uploadOf(row.id), GAVE_UP, guard),
          ])
        : await store.release(claim, { isFault: true, reason: SILENT, dueAtMs: nowMs }, (guard) => [
            tracks.markQueued(row.trackId, uploadOf(row.id), guard),
          ]);
    if (!released) continue;
    count++;
    await sendHint(row.id, 0);
  }
  return count;
}

async function resendLost({ store, sendHint }: SweepDeps, nowMs: number): Promise<number> {
  const rows = await store.forgotten(nowMs - LOST_MESSAGE_MS, SWEEP_LIMIT);
  for (const { id } of rows) {
    await sendHint(id, 0);
    await store.touch(id, nowMs);
  }
  return rows.length;
}

async function removeOrphans({ store, media }: SweepDeps, nowMs: number): Promise<number> {
  const orphans = await store.orphans(nowMs - ORPHAN_MS, SWEEP_LIMIT);
  for (const { trackId, version } of orphans) {
    await deletePrefix(media, hlsPrefix(trackId, version));
    await store.forgetAttempt(version);
  }
  return orphans.length;
}
