import { describe, expect, it } from 'vitest';
import { isTimeZone, localTimeAt, momentOf } from './zoned-time.ts';

describe('the moment of a wall clock’s time', () => {
  it.each([
    ['2026-07-01T00:00', 'UTC', '2026-07-01T00:00:00.000Z', 'plain'],
    ['2026-07-01T00:00', 'Europe/Riga', '2026-06-30T21:00:00.000Z', 'plain'],
    ['2026-12-31T23:59', 'America/New_York', '2027-01-01T04:59:00.000Z', 'plain'],
    ['2026-06-01T12:00', 'Asia/Kathmandu', '2026-06-01T06:15:00.000Z', 'plain'],
    ['2026-06-01T00:00', 'Pacific/Kiritimati', '2026-05-31T10:00:00.000Z', 'plain'],
    // Clocks go from 2:00 to 3:00.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z', 'skipped'],
    ['2026-03-29T01:59', 'Europe/Berlin', '2026-03-29T00:59:00.000Z', 'plain'],
    ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z', 'plain'],
    // By half an hour only.
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z', 'skipped'],
    // Clocks show 2:30 twice.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z', 'repeated'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z', 'repeated'],
    ['2026-11-01T02:00', 'America/New_York', '2026-11-01T07:00:00.000Z', 'plain'],
    // A whole day that Samoa never had.
    ['2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z', 'skipped'],
  ])('%s in %s is %s (%s)', (local, zone, instant, clock) => {
    const moment = momentOf(local, zone);
    expect([new Date(moment.instantMs).toISOString(), moment.clock]).toEqual([instant, clock]);
    if (clock !== 'skipped') expect(localTimeAt(moment.instantMs, zone)).toBe(local);
  });

  it('knows zones by name and nothing else', () => {
    for (const zone of ['UTC', 'Europe/Riga', 'America/Argentina/Ushuaia'])
      expect(isTimeZone(zone)).toBe(true);
    for (const zone of ['', '+02:00', 'Mars/Olympus', 'Europe/Riga; DROP'])
      expect(isTimeZone(zone)).toBe(false);
  });
});
