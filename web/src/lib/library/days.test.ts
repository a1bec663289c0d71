import { expect, it } from 'vitest';
import { groupByDay } from './days.ts';

const NOW_MS = Date.parse('2026-11-22T00:30:00Z');
const at = (startedAt: string) => ({ startedAt });
const HEARD = [
  '2026-11-22T00:10:00Z',
  '2026-11-21T23:50:00Z',
  '2026-11-19T10:00:00Z',
  '2025-12-31T10:00:00Z',
].map(at);

it('days are those of the zone, with the year only where it is another', () => {
  const labels = (zone: string) =>
    groupByDay(HEARD, NOW_MS, zone).map(({ label, items }) => [label, items.length]);
  expect(labels('UTC')).toEqual([
    ['Today', 1],
    ['Yesterday', 1],
    ['Thursday 19 November', 1],
    ['Wednesday 31 December 2025', 1],
  ]);
  expect(labels('America/New_York').slice(0, 2)).toEqual([
    ['Today', 2],
    ['Thursday 19 November', 1],
  ]);
});

it('across the end of a month yesterday is still yesterday', () => {
  const days = groupByDay([at('2026-02-28T12:00:00Z')], Date.parse('2026-03-01T08:00:00Z'), 'UTC');
  expect(days[0]?.label).toBe('Yesterday');
});
