import { expect, it } from 'vitest';
import { titleFromFileName } from './store.ts';

it.each([
  ['01 - First light.flac', 'First light'],
  ['01. First light.mp3', 'First light'],
  ['12_First light.wav', 'First light'],
  ['7 First light.m4a', 'First light'],
  ['First light', 'First light'],
  ['1999.flac', '1999'],
  ['99 - .mp3', '99 -'],
  ['2001 - A space.flac', '2001 - A space'],
  ['Vol. 2.aiff', 'Vol. 2'],
  ['St. Anger', 'St. Anger'],
  ['.flac', '.flac'],
  ['Ünïcode ♫.opus', 'Ünïcode ♫'],
])('the title of "%s" is "%s"', (fileName, title) => {
  expect(titleFromFileName(fileName)).toBe(title);
});
