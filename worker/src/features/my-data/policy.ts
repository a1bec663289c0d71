const DAY_MS = 86_400_000;
const MIB = 1024 * 1024;

/** An account that is to be deleted can be kept for so long. */
export const GRACE_MS = 14 * DAY_MS;

/** An address that nobody has confirmed by then was mistyped, or is somebody else's. */
export const UNCONFIRMED_MS = 7 * DAY_MS;

/** A finished copy is kept for so long. */
export const EXPORT_KEPT_MS = 7 * DAY_MS;

/** A claim lapses this long after the last part was stored. */
export const LEASE_MS = 180_000;

/** Attempts at one archive that may end badly before the copy is given up. */
export const MAX_FAULTS = 6;

/** A queued row whose queue message has not been seen for this long is hinted at again. */
export const LOST_MESSAGE_MS = 60_000;

/** Clocks and queues are not exact: a hint that comes this much early is not too early. */
export const EARLY_MS = 1500;

/** R2 wants parts of equal size; 10,000 of these are more than an archive may have. One is held in memory. */
export const PART_SIZE_BYTES = 8 * MIB;

/**
 * Once an archive holds this much, the next original begins another: each is made within the minutes of one queue
 * message, stays below the 4 GiB of a plain ZIP (originals have at most 2 GiB), and a broken download costs little.
 */
export const ARCHIVE_BYTES = 1024 * MIB;

/** Rows that one sweep handles of each kind. */
export const SWEEP_LIMIT = 100;

/** Accounts that one sweep works on, and rows of each kind that it removes of one. */
export const ERASED_AT_ONCE = 5;
export const ROWS_AT_ONCE = 50;

/** Returns the seconds to wait after the n-th fault: 10, 20, 40 … 600. */
export function backoffSeconds(faultCount: number): number {
  return Math.min(600, 10 * 2 ** Math.max(0, faultCount - 1));
}
