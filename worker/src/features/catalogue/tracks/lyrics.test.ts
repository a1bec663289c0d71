import { expect, it } from 'vitest';
import { lrcErrors } from './lyrics.ts';

it('lyrics with times that go up are fine, with headers, empty lines, and words that come again', () => {
  expect(
    lrcErrors(
      '[ar:Nightjar]\r\n[00:01.00] One\n\n[00:02.5]Two\n[00:02.50] Three\n[1:00:00][02:00.000] Again',
    ),
  ).toEqual([]);
  expect(lrcErrors('[00:01] No fraction')).toEqual([]);
});

it('every wrong line is named', () => {
  expect(lrcErrors('[00:05.00] a\nwords\n[00:04.00] b\n[00:61.00] c\n[00:62.00][00:01.00] d')).toEqual([
    { line: 2, message: 'has no time, such as [01:23.45]' },
    { line: 3, message: 'comes before the line above it' },
    { line: 4, message: 'a minute has 60 seconds' },
    { line: 5, message: 'a minute has 60 seconds' },
    { line: 5, message: 'its times do not go up' },
  ]);
  expect(lrcErrors('[ar:Nobody]')).toEqual([{ line: 1, message: 'has no line with a time' }]);
});
