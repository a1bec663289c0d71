const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Returns how long ago something was: "just now", "5 minutes ago", "yesterday"; after a month, the day. */
export function formatAgo(at: string, nowMs: number): string {
  const passedMs = nowMs - Date.parse(at);
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (passedMs < MINUTE_MS) return 'just now';
  if (passedMs < HOUR_MS) return words.format(-Math.floor(passedMs / MINUTE_MS), 'minute');
  if (passedMs < DAY_MS) return words.format(-Math.floor(passedMs / HOUR_MS), 'hour');
  if (passedMs < 30 * DAY_MS) return words.format(-Math.floor(passedMs / DAY_MS), 'day');
  return formatDay(at);
}

/** Returns a day: "21 November 2026". In UTC, so that server and browser say the same. */
export function formatDay(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(at));
}

/** Returns a month: "November 2026". In UTC, so that server and browser say the same. */
export function formatMonth(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(at),
  );
}

/** Returns a moment to the second, in the time of whoever reads it. */
export function formatMoment(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium' }).format(new Date(at));
}
