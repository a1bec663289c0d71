import { expect, it } from 'vitest';
import { formatAgo, formatDay } from './ago.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

it.each([
  ['2026-11-21T11:59:30Z', 'just now'],
  ['2026-11-21T12:00:20Z', 'just now'],
  ['2026-11-21T11:58:59Z', '1 minute ago'],
  ['2026-11-21T07:00:00Z', '5 hours ago'],
  ['2026-11-20T11:00:00Z', 'yesterday'],
  ['2026-11-02T12:00:00Z', '19 days ago'],
  ['2026-03-02T12:00:00Z', '2 March 2026'],
])('says of %s: %s', (at, words) => {
  expect(formatAgo(at, NOW_MS)).toBe(words);
});

it('names a day', () => {
  expect(formatDay('2026-11-21T23:59:59Z')).toBe('21 November 2026');
});
