const PARTS = ['year', 'month', 'day', 'hour', 'minute'] as const;

/** Returns by how much clocks in a zone are ahead of UTC at a moment, in milliseconds. */
function offsetMs(timeZone: string, instantMs: number): number {
  const numeric = Object.fromEntries(PARTS.map((part) => [part, 'numeric']));
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    calendar: 'gregory',
    ...numeric,
  });
  const shown = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = PARTS.map((part) => shown.get(part));
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(instantMs / 60_000) * 60_000;
}

/** Returns about which moment it is when clocks in `timeZone` show `local` (`YYYY-MM-DDTHH:mm`); the API decides. */
export function momentOf(local: string, timeZone: string): number {
  const wallMs = Date.parse(`${local}Z`);
  const guess = wallMs - offsetMs(timeZone, wallMs);
  return wallMs - offsetMs(timeZone, guess);
}

/** Returns what clocks in `timeZone` show at a moment, `YYYY-MM-DDTHH:mm`. */
export function localTimeAt(instantMs: number, timeZone: string): string {
  return new Date(instantMs + offsetMs(timeZone, instantMs)).toISOString().slice(0, 16);
}

/** Returns a moment as people in a zone say it: "Sun 22 Nov 2026, 18:00". */
export function formatMoment(instantMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(instantMs);
}

/** Returns the zone of this browser. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
