import { expect, it } from 'vitest';
import { isLongEnough, judge, searchable, timeProblem } from './rule.ts';

it.each([
  [29.9, 200, false],
  [30, 200, true],
  [30, 60, true],
  [29.9, 60, false],
  [19.9, 40, false],
  [20, 40, true],
  [0.5, 1, true],
  [0, 10, false],
  [30, null, true],
  [29, null, false],
])('%d seconds of a track of %d: counts %s', (listened, duration, counts) => {
  expect(isLongEnough(listened, duration)).toBe(counts);
});

it('who made a track does not add to its plays, however long they listen', () => {
  const track = { durationSeconds: 100, words: '' };
  expect(judge(100, { ...track, isOwn: true })).toEqual({ isCounted: false, mark: 'self' });
  expect(judge(100, { ...track, isOwn: false })).toEqual({ isCounted: true, mark: null });
});

it('plays are taken from thirty days ago to five minutes ahead', () => {
  const [now, minute, day] = [1e12, 60_000, 86_400_000];
  expect([0, -30 * day, 5 * minute].map((ms) => timeProblem(now + ms, now))).toEqual([null, null, null]);
  expect(timeProblem(now - 30 * day - 1, now)).toBe('too_old');
  expect(timeProblem(now + 5 * minute + 1, now)).toBe('in_future');
});

it('a search minds neither case nor accents nor spaces, in any script', () => {
  expect(searchable('  Café   del MÅR ')).toBe('cafe del mar');
  expect(searchable('ЁЖИК')).toBe(searchable('ежик'));
  expect(searchable('ﬁne')).toBe('fine');
});
