/** A claim lapses this long after the last sign of life; progress arrives about every second. */
export const LEASE_MS = 60_000;

/** Attempts that may end badly before a person has to look. */
export const MAX_FAULTS = 6;

/** A queued row whose message has not been seen for this long is sent again. */
export const LOST_MESSAGE_MS = 60_000;

/** No writer outlives a queue consumer's 15 minutes; after this an attempt's objects are safe to remove. */
export const ORPHAN_MS = 20 * 60_000;

/** Rows that one sweep handles of each kind, so that a sweep stays short. */
export const SWEEP_LIMIT = 100;

/**
 * Returns the seconds to wait after the n-th fault: 2, 4, 8 … 300.
 * Without it a transcoder that restarts would see all attempts spent within a second.
 */
export function backoffSeconds(faultCount: number): number {
  return Math.min(300, 2 ** Math.max(1, faultCount));
}

/** What the uploader reads when we, not the file, are at fault. */
export const GAVE_UP = {
  code: 'transcoder_unavailable',
  detail:
    'We could not process this file although nothing seems wrong with it. It is kept safe, and the operator can try again.',
};
