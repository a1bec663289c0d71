/** A day and what happened on it. */
export interface Day<T> {
  /** `2026-11-21`, in the zone that was asked for. */
  key: string;
  label: string;
  items: T[];
}

/**
 * Returns things in the order they come, day by day, as they are in a time zone (undefined: the reader's own): "Today",
 * "Yesterday", "Saturday 21 November", with the year where it is another one.
 */
export function groupByDay<T extends { startedAt: string }>(
  things: readonly T[],
  nowMs: number,
  timeZone?: string,
): Day<T>[] {
  const zone = timeZone === undefined ? {} : { timeZone };
  // Swedes write dates as ISO 8601 does.
  const keys = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', ...zone });
  const today = keys.format(nowMs);
  const yesterday = new Date(Date.parse(today) - 24 * 3600 * 1000).toISOString().slice(0, 10);
  const days: Day<T>[] = [];
  for (const thing of things) {
    const at = new Date(thing.startedAt);
    const key = keys.format(at);
    const last = days.at(-1);
    if (last?.key === key) {
      last.items.push(thing);
      continue;
    }
    const isThisYear = key.slice(0, 4) === today.slice(0, 4);
    const words = new Intl.DateTimeFormat('en-GB', {
      ...{ weekday: 'long', day: 'numeric', month: 'long', ...zone },
      ...(isThisYear ? {} : { year: 'numeric' }),
    });
    const label =
      key === today ? 'Today' : key === yesterday ? 'Yesterday' : words.format(at).replace(',', '');
    days.push({ key, label, items: [thing] });
  }
  return days;
}
