import { expect, it } from 'vitest';
import { parseRange } from './range.ts';

it.each([
  ['bytes=0-0', 10, { start: 0, end: 0 }],
  ['bytes=0-', 10, { start: 0, end: 9 }],
  ['bytes=3-5', 10, { start: 3, end: 5 }],
  ['bytes=3-99', 10, { start: 3, end: 9 }],
  ['bytes=-3', 10, { start: 7, end: 9 }],
  ['bytes=-99', 10, { start: 0, end: 9 }],
  ['bytes=9-9', 10, { start: 9, end: 9 }],
  ['bytes=9-99999999999999999999', 10, { start: 9, end: 9 }],
])('%s of %i bytes is a range', (header, size, range) => {
  expect(parseRange(header, size)).toEqual(range);
});

it.each([
  ['bytes=10-', 10],
  ['bytes=99-100', 10],
  ['bytes=-0', 10],
  ['bytes=-5', 0],
  ['bytes=0-0', 0],
])('%s of %i bytes cannot be had', (header, size) => {
  expect(parseRange(header, size)).toBe('unsatisfiable');
});

it.each([
  null,
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=5-1',
  'bytes=1-2,3-4',
  'bytes= 1-2',
  'Bytes=1-2',
  'items=1-2',
  'bytes=1.5-2',
  'bytes=--1',
  'bytes=0x1-2',
])('%s is to be ignored', (header) => {
  expect(parseRange(header, 10)).toBeNull();
});
