import { expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [812_400, '812 kB'],
  [999_999, '1.0 MB'],
  [4_210_000, '4.2 MB'],
  [123_400_000, '123 MB'],
  [1_360_000_000, '1.36 GB'],
])('writes %d as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
