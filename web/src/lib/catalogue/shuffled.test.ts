import { expect, it } from 'vitest';
import { shuffled } from './shuffled.ts';

it('keeps every one of them, and the list it was given', () => {
  const items = [1, 2, 3, 4, 5];
  expect(shuffled(items).toSorted()).toEqual(items);
  expect(items).toEqual([1, 2, 3, 4, 5]);
});

it('reaches every order', () => {
  const seen = new Set(Array.from({ length: 500 }, () => shuffled(['a', 'b', 'c']).join('')));
  expect(seen.size).toBe(6);
});
