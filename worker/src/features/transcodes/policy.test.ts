import { expect, it } from 'vitest';
import { backoffSeconds, LEASE_MS, LOST_MESSAGE_MS, MAX_FAULTS, ORPHAN_MS } from './policy.ts';

it('waits 2, 4, 8 … seconds after a fault, five minutes at most', () => {
  expect([1, 2, 3, 4, 8, 9, 30, 2000].map(backoffSeconds)).toEqual([2, 4, 8, 16, 256, 300, 300, 300]);
  expect(backoffSeconds(0)).toBe(2);
});

it('gives a transcoder that restarts a minute before all attempts are spent', () => {
  const waits = Array.from({ length: MAX_FAULTS - 1 }, (_, i) => backoffSeconds(i + 1));
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(60);
});

it('takes nothing for an orphan that a consumer could still be writing, nor for lost what is only late', () => {
  expect(ORPHAN_MS).toBeGreaterThan(15 * 60_000 + LEASE_MS);
  expect(LOST_MESSAGE_MS).toBeGreaterThanOrEqual(30_000);
});
