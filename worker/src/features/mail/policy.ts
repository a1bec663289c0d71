import { DAY_SECONDS } from './content.ts';

/** A claim lapses after this long; sending one message takes at most `SEND_TIMEOUT_MS`. */
export const LEASE_MS = 60_000;

/** How long a provider may take to answer. */
export const SEND_TIMEOUT_MS = 15_000;

/** Attempts that may end badly before a message is given up; with the waiting between them about 50 minutes. */
export const MAX_FAULTS = 10;

/** A queued row whose queue message has not been seen for this long is hinted at again. */
export const LOST_MESSAGE_MS = 60_000;

/** Clocks and queues are not exact: a hint that comes this much early is not too early. */
export const EARLY_MS = 1_500;

/** How long the row of a message, without address and words, is kept after its end. */
export const KEPT_MS = 30 * DAY_SECONDS * 1000;

/** Rows that one sweep handles of each kind, so that a sweep stays short. */
export const SWEEP_LIMIT = 100;

const LONGEST_WAIT_SECONDS = 3600;

/** Returns the seconds to wait after the n-th fault: 10, 20, 40 … 900; what the provider asks for comes first. */
export function backoffSeconds(faultCount: number, retryAfterSeconds: number | null): number {
  const own = Math.min(900, 10 * 2 ** Math.max(0, faultCount - 1));
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(own, retryAfterSeconds ?? 0));
}
