import { expect, it } from 'vitest';
import { refusalOf } from './accepted-files.ts';

it('takes an ordinary file', () => {
  expect(refusalOf({ name: 'song.flac', size: 30_000_000 })).toBeNull();
});

it('says what to do about an empty file', () => {
  expect(refusalOf({ name: 'song.flac', size: 0 })).toMatch(/empty/);
});

it('takes 2 GiB and no byte more', () => {
  expect(refusalOf({ name: 'set.wav', size: 2 ** 31 })).toBeNull();
  expect(refusalOf({ name: 'set.wav', size: 2 ** 31 + 1 })).toMatch(/2 GiB/);
});
