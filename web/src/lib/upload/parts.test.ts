import { expect, it } from 'vitest';
import { missingParts, partsOf } from './parts.ts';

it('cuts a file into whole parts and a rest', () => {
  expect(partsOf(20, 8)).toEqual([
    { number: 1, start: 0, end: 8 },
    { number: 2, start: 8, end: 16 },
    { number: 3, start: 16, end: 20 },
  ]);
});

it('makes no empty part of a file that fits exactly', () => {
  expect(partsOf(16, 8)).toHaveLength(2);
});

it('finds the parts that have not arrived', () => {
  expect(missingParts(partsOf(20, 8), [3, 1]).map(({ number }) => number)).toEqual([2]);
});
