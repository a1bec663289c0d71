import { expect, it } from 'vitest';
import { linesOf, lrcOf, lrcTime, plainOf } from './lrc.ts';

it.each([
  [0, '[00:00.00]'],
  [83.456, '[01:23.46]'],
  [59.999, '[01:00.00]'],
  [6000, '[100:00.00]'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(lrcTime(seconds)).toBe(text);
});

it('reads what it writes', () => {
  const lines = [
    { seconds: 1.5, words: 'Out on the water' },
    { seconds: 4, words: 'nobody sleeps' },
  ];
  expect(linesOf(lrcOf(lines))).toEqual(lines);
});

it('takes plain words as lines without a time, and what the file is about not at all', () => {
  expect(linesOf('[ar: Nora]\n\nOut on the water\r\n[00:04.00] nobody sleeps')).toEqual([
    { seconds: null, words: 'Out on the water' },
    { seconds: 4, words: 'nobody sleeps' },
  ]);
});

it('never lets a time go back', () => {
  const lines = [
    { seconds: 4, words: 'a' },
    { seconds: 2, words: 'b' },
    { seconds: null, words: 'c' },
  ];
  expect(lrcOf(lines)).toBe('[00:04.00] a\n[00:04.00] b\n[00:04.00] c');
  expect(plainOf(lines)).toBe('a\nb\nc');
});
