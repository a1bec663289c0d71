/** A wall clock's time and the moment that it is. */
export interface ZonedMoment {
  instantMs: number;
  /** `skipped`: clocks jump over it, the moment is as much later. `repeated`: it comes twice, this is the first. */
  clock: 'plain' | 'skipped' | 'repeated';
}

const DAY_MS = 86_400_000;
const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** Returns by how much clocks in a zone are ahead of UTC at a moment, in milliseconds. */
function offsetMs(format: Intl.DateTimeFormat, instantMs: number): number {
  const shown = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = PARTS.map((part) =>
    shown.get(part),
  );
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const numeric = Object.fromEntries(PARTS.map((part) => [part, 'numeric']));
  return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...numeric });
}

/** Says whether this is an IANA zone (or `UTC`) that is known here; offsets such as `+02:00` are none. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    return formatOf(timeZone) !== null;
  } catch {
    return false;
  }
}

/**
 * Returns the moment at which clocks in `timeZone` show `local` (`YYYY-MM-DDTHH:mm`). What clocks skip or show twice is
 * settled as Temporal's `compatible` does (ECMA-262 Temporal, GetPossibleEpochNanoseconds; RFC 5545 3.3.5).
 */
export function momentOf(local: string, timeZone: string): ZonedMoment {
  const format = formatOf(timeZone);
  const wallMs = Date.parse(`${local}Z`);
  const before = offsetMs(format, wallMs - DAY_MS);
  const after = offsetMs(format, wallMs + DAY_MS);
  const fitting = [...new Set([wallMs - before, wallMs - after])]
    .filter((instantMs) => instantMs + offsetMs(format, instantMs) === wallMs)
    .toSorted((a, b) => a - b);
  const [first] = fitting;
  if (first === undefined) return { instantMs: wallMs - before, clock: 'skipped' };
  return { instantMs: first, clock: fitting.length > 1 ? 'repeated' : 'plain' };
}

/** Returns what clocks in `timeZone` show at a moment, as `YYYY-MM-DDTHH:mm`. */
export function localTimeAt(instantMs: number, timeZone: string): string {
  return new Date(instantMs + offsetMs(formatOf(timeZone), instantMs)).toISOString().slice(0, 16);
}
