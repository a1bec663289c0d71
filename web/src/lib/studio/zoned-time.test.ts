import { expect, it } from 'vitest';
import { formatMoment, localTimeAt, momentOf } from './zoned-time.ts';

it.each([
  ['2026-11-22T18:00', 'Europe/Riga', '2026-11-22T16:00:00.000Z'],
  ['2026-07-01T09:30', 'America/New_York', '2026-07-01T13:30:00.000Z'],
  ['2026-03-29T04:30', 'Europe/Riga', '2026-03-29T01:30:00.000Z'],
  ['2026-01-01T00:00', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
  ['2026-01-01T12:00', 'UTC', '2026-01-01T12:00:00.000Z'],
])('knows which moment %s in %s is, and back', (local, zone, instant) => {
  expect(new Date(momentOf(local, zone)).toISOString()).toBe(instant);
  expect(localTimeAt(Date.parse(instant), zone)).toBe(local);
});

it('writes a moment for people in a zone', () => {
  expect(formatMoment(Date.parse('2026-11-22T16:00:00Z'), 'Europe/Riga')).toBe('Sun, 22 Nov 2026, 18:00');
});
