/** A play counts after this long, or after half of the track if that is sooner. */
const COUNTS_AFTER_SECONDS = 30;
/** How late a play that was heard offline may come. */
const OLDEST_MS = 30 * 86_400_000;
/** How far a player's clock may be ahead of ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** What is known of the track that was heard. */
export interface PlayedTrack {
  /** Null while it has never been transcoded whole. */
  durationSeconds: number | null;
  /** Whether the listener is among those who made it. */
  isOwn: boolean;
  /** Title, artist, release: what the listener may remember it by. */
  words: string;
}

/** Returns whether somebody has listened long enough for a play to count. */
export function isLongEnough(listenedSeconds: number, durationSeconds: number | null): boolean {
  return listenedSeconds >= Math.min(COUNTS_AFTER_SECONDS, (durationSeconds ?? Number.POSITIVE_INFINITY) / 2);
}

/** Returns how a play of a track enters the books: whether it counts in public, and why not where it would otherwise. */
export function judge(
  listenedSeconds: number,
  { durationSeconds, isOwn }: PlayedTrack,
): { isCounted: boolean; mark: 'self' | null } {
  return {
    isCounted: !isOwn && isLongEnough(listenedSeconds, durationSeconds),
    mark: isOwn ? 'self' : null,
  };
}

/** Returns what is wrong with when a play began, or null. */
export function timeProblem(startedAtMs: number, nowMs: number): 'too_old' | 'in_future' | null {
  if (startedAtMs < nowMs - OLDEST_MS) return 'too_old';
  return startedAtMs > nowMs + CLOCK_SKEW_MS ? 'in_future' : null;
}

/** Returns text as it is searched in: without case and accents, words apart by one space. */
export function searchable(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}
