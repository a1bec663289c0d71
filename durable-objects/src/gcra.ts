/**
 * No admitted attempt leaves the arrival time further ahead than a spent burst does. What is further ahead by more
 * than this had a clock that was wrong, or a slower rate: it counts as a spent burst and so heals within one
 * period. What is less is left as it is, because machines' clocks differ by a little and an object moves between
 * them: an arrival time that never goes back admits nobody too many.
 */
const CLOCK_SLACK_MS = 60_000;

/** How fast an attempt may follow another. */
export interface Rate {
  /** Attempts that may come at once. */
  burst: number;
  /** Seconds after which a spent burst is whole again; in between, attempts come back one by one. */
  periodSeconds: number;
  /** Where set, attempts that nobody forgives grow further and further apart. */
  backOff?: BackOff;
}

/** Slows down who goes on failing, without ever locking anybody out for good. */
export interface BackOff {
  /** Attempts that cost no more than any other; from the next on the wait doubles. */
  freeAttempts: number;
  /** The longest that the wait between two attempts becomes, in seconds. */
  longestWaitSeconds: number;
  /** Seconds of quiet after which what was before is forgotten. */
  forgetSeconds: number;
}

/** What is kept of a key. */
export interface RateState {
  /** The theoretical arrival time: when the burst is whole again, in milliseconds since 1970. */
  arrivalMs: number;
  /** Attempts admitted since the last forgiveness; 0 where the rate has no back-off. */
  attempts: number;
}

/** The answer to one attempt. */
export interface Verdict {
  isAllowed: boolean;
  /** Attempts that would be admitted right after this one. */
  remaining: number;
  /** Seconds, rounded up, until an attempt is admitted; 0 where one would be now. */
  retryAfterSeconds: number;
  /** Seconds, rounded up, until the whole burst is there again. */
  resetSeconds: number;
}

/** A verdict, what to keep, and when there is nothing left to keep, in milliseconds since 1970. */
export interface Taken {
  verdict: Verdict;
  state: RateState;
  forgottenAtMs: number;
}

/** Returns the milliseconds between two attempts of a steady stream; whole, so that no rounding adds up. */
export function intervalMs(rate: Rate): number {
  return Math.ceil((rate.periodSeconds * 1000) / rate.burst);
}

/** Returns what one admitted attempt costs, in milliseconds, after `attempts` that were not forgiven. */
function costMs(rate: Rate, attempts: number): number {
  const interval = intervalMs(rate);
  if (rate.backOff === undefined) return interval;
  const doublings = Math.max(0, attempts + 1 - rate.backOff.freeAttempts);
  const longestMs = Math.max(interval, rate.backOff.longestWaitSeconds * 1000);
  return Math.min(longestMs, interval * 2 ** Math.min(doublings, 40));
}

/** Returns when a state means the same as none. */
export function forgottenAtMs(rate: Rate, state: RateState): number {
  return state.arrivalMs + (rate.backOff?.forgetSeconds ?? 0) * 1000;
}

/**
 * Decides on one attempt by the generic cell rate algorithm (ITU-T I.371): in any stretch of `s` seconds at
 * most `burst + s × burst / periodSeconds` attempts are admitted, and all that is kept is one time.
 */
export function takeOne(rate: Rate, known: RateState | null, nowMs: number): Taken {
  const interval = intervalMs(rate);
  const toleranceMs = interval * (rate.burst - 1);
  const isForgotten = known !== null && forgottenAtMs(rate, known) <= nowMs;
  const before = known === null || isForgotten ? { arrivalMs: nowMs, attempts: 0 } : known;
  const mostAheadMs = toleranceMs + costMs(rate, Number.MAX_SAFE_INTEGER);
  const isAhead = before.arrivalMs > nowMs + mostAheadMs + CLOCK_SLACK_MS;
  const arrivalMs = isAhead ? nowMs + mostAheadMs : Math.max(before.arrivalMs, nowMs);
  const isAllowed = arrivalMs - nowMs <= toleranceMs;
  const state: RateState = isAllowed
    ? {
        arrivalMs: arrivalMs + costMs(rate, before.attempts),
        attempts: rate.backOff === undefined ? 0 : before.attempts + 1,
      }
    : { arrivalMs, attempts: before.attempts };
  const aheadMs = state.arrivalMs - nowMs;
  const waitMs = Math.max(0, aheadMs - toleranceMs);
  return {
    verdict: {
      isAllowed,
      remaining: waitMs > 0 ? 0 : Math.floor((toleranceMs - aheadMs) / interval) + 1,
      retryAfterSeconds: Math.ceil(waitMs / 1000),
      resetSeconds: Math.ceil(aheadMs / 1000),
    },
    state,
    forgottenAtMs: forgottenAtMs(rate, state),
  };
}
