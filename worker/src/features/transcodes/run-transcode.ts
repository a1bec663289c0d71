import type { Progress } from '@melro/transcoder/contract';
import { newId } from '../../platform/ids.ts';
import { logError, logEvent } from '../../platform/log.ts';
import { hlsKey } from '../../platform/r2-keys.ts';
import { backoffSeconds, GAVE_UP, LEASE_MS, MAX_FAULTS } from './policy.ts';
import { type TrackPort, uploadOf } from './ports.ts';
import type { Claim, TranscodeStore } from './store.ts';
import { storeObjects, type TranscodeOutcome } from './store-objects.ts';
import type { Transcoder } from './transcoder.ts';

/** How often a running attempt shows that it is alive and how far it is. */
const HEARTBEAT_MS = 1_000;
/** Short of a queue consumer's 15 minutes, so that the end is ours to tell. */
const LONGEST_ATTEMPT_MS = 14 * 60_000;

const CONTENT_TYPES: Record<string, string> = {
  m3u8: 'application/vnd.apple.mpegurl',
  mp4: 'audio/mp4',
  m4s: 'audio/mp4',
  json: 'application/json',
  webp: 'image/webp',
};

/** What running a transcode needs. */
export interface RunDeps {
  store: TranscodeStore;
  tracks: TrackPort;
  media: R2Bucket;
  transcoder: Transcoder;
  /** Sends the hint that a transcode waits, to arrive after a delay. */
  sendHint(transcodeId: string, delaySeconds: number): Promise<void>;
  log: boolean;
}

class ClaimLostError extends Error {}

/** The transcoder has no free slot, which is nobody's fault. */
class BusyError extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('the transcoder is busy');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Works on one transcode if it waits to be worked on; otherwise does nothing, so that any message
 * may come twice, late or never. Ends published, failed, dead, or back in the queue with a new hint.
 */
export async function runTranscode(deps: RunDeps, transcodeId: string): Promise<void> {
  const claim = await deps.store.claim(transcodeId, newId('ver'), Date.now(), LEASE_MS, (own, guard) => [
    deps.tracks.markTranscoding(own.trackId, uploadOf(transcodeId), guard),
  ]);
  if (claim === null) return;
  try {
    await conclude(deps, claim, await attempt(deps, claim));
  } catch (error) {
    await recover(deps, claim, error);
  }
}

async function attempt(deps: RunDeps, claim: Claim): Promise<TranscodeOutcome> {
  const original = await deps.media.get(claim.originalKey);
  if (original === null) throw new Error('the original is not in the bucket');
  const endsAtMs = Date.now() + LONGEST_ATTEMPT_MS;
  const stop = new AbortController();
  const heartbeat = keepAlive(deps, claim, stop);
  try {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(LONGEST_ATTEMPT_MS)]);
    const answer = await deps.transcoder.transcode(original.body, original.size, signal);
    if (answer.status === 503) {
      await answer.body?.cancel();
      throw new BusyError(Number(answer.headers.get('retry-after')) || 5);
    }
    if (answer.status !== 200 || answer.body === null) {
      await answer.body?.cancel();
      throw new Error(`the transcoder answered ${answer.status}`);
    }
    const putInTime = async (path: string, body: ArrayBuffer): Promise<void> => {
      // Timers stand still while a machine sleeps; what wakes up after the orphans' sweep must not write.
      if (Date.now() > endsAtMs) throw new Error('the attempt took too long');
      await put(deps.media, claim, path, body);
    };
    return await storeObjects(answer.body, putInTime, heartbeat);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    heartbeat.end();
    // Also when all went well: a transcoder that talks on after its last word is not listened to.
    stop.abort(new Error('the attempt is over'));
  }
}

async function put(media: R2Bucket, claim: Claim, path: string, body: ArrayBuffer): Promise<void> {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  await media.put(hlsKey(claim.trackId, claim.version, path), body, {
    httpMetadata: { contentType: CONTENT_TYPES[ending] ?? 'application/octet-stream' },
  });
}

/** Renews the claim while the attempt runs and carries its progress along; aborts it when the claim is lost. */
function keepAlive(deps: RunDeps, claim: Claim, stop: AbortController) {
  let progress: number | null = 0;
  let previewVersion: string | null = null;
  let beating: Promise<void> = Promise.resolve();

  async function beat(): Promise<void> {
    const alongside = [
      deps.tracks.setProgress(
        claim.trackId,
        uploadOf(claim.transcodeId),
        progress,
        previewVersion,
        deps.store.held(claim),
      ),
    ];
    if (!(await deps.store.renew(claim, Date.now(), LEASE_MS, alongside))) stop.abort(new ClaimLostError());
  }

  function beatNow(): void {
    beating = beating.then(beat).catch((error) => stop.abort(error));
  }

  const timer = setInterval(beatNow, HEARTBEAT_MS);
  return {
    onProgress({ decodedSeconds, declaredDurationSeconds }: Progress): void {
      progress =
        declaredDurationSeconds === null ? null : Math.min(1, decodedSeconds / declaredDurationSeconds);
    },
    onPlayable(): void {
      if (previewVersion !== null) return;
      previewVersion = claim.version;
      beatNow();
    },
    end: () => clearInterval(timer),
  };
}

async function conclude(deps: RunDeps, claim: Claim, outcome: TranscodeOutcome): Promise<void> {
  const nowMs = Date.now();
  if ('failure' in outcome) {
    const { failure } = outcome;
    await deps.store.fail(claim, failure.code, nowMs, (guard) => [
      deps.tracks.markFailed(claim.trackId, uploadOf(claim.transcodeId), failure, guard),
    ]);
    report(deps, claim, 'failed', failure.code);
    return;
  }
  const { manifest } = outcome;
  const published = await deps.store.publish(claim, nowMs, (guard) =>
    deps.tracks.publish(claim.trackId, uploadOf(claim.transcodeId), claim.version, manifest, nowMs, guard),
  );
  if (!published) throw new ClaimLostError();
  report(deps, claim, 'published');
}

async function recover(deps: RunDeps, claim: Claim, error: unknown): Promise<void> {
  // Somebody else holds it now: whatever became of it is theirs to tell.
  if (error instanceof ClaimLostError) return report(deps, claim, 'claim lost');
  const reason = error instanceof Error ? error.message : String(error);
  const isFault = !(error instanceof BusyError);
  if (isFault) logError('transcode fault', error, { transcodeId: claim.transcodeId, attempt: claim.attempt });
  if (isFault && claim.faultCount + 1 >= MAX_FAULTS) return giveUp(deps, claim, reason);
  const delaySeconds =
    error instanceof BusyError ? error.retryAfterSeconds : backoffSeconds(claim.faultCount + 1);
  const released = await deps.store.release(
    claim,
    { isFault, reason, dueAtMs: Date.now() + delaySeconds * 1000 },
    (guard) => [deps.tracks.markQueued(claim.trackId, uploadOf(claim.transcodeId), guard)],
  );
  if (released) await deps.sendHint(claim.transcodeId, delaySeconds);
}

async function giveUp(deps: RunDeps, claim: Claim, reason: string): Promise<void> {
  const ended = await deps.store.giveUp(claim, reason, Date.now(), (guard) => [
    deps.tracks.markFailed(claim.trackId, uploadOf(claim.transcodeId), GAVE_UP, guard),
  ]);
  if (ended) report(deps, claim, 'dead', reason);
}

function report({ log }: RunDeps, claim: Claim, outcome: string, reason?: string): void {
  if (!log) return;
  logEvent('transcode', {
    transcodeId: claim.transcodeId,
    trackId: claim.trackId,
    version: claim.version,
    attempt: claim.attempt,
    outcome,
    ...(reason === undefined ? {} : { reason }),
  });
}
