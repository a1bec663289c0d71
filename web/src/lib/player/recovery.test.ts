import { expect, it } from 'vitest';
import { Recovery } from './recovery.ts';

it('tries at once, then waits longer, then gives up', () => {
  const recovery = new Recovery();
  const waits = [1, 2, 3, 4].map(() => recovery.nextWaitMs(20));
  expect(waits).toEqual([0, 1500, 4000, null]);
});

it('begins anew once the music has gone on for a while', () => {
  const recovery = new Recovery();
  recovery.nextWaitMs(20);
  recovery.nextWaitMs(20);
  recovery.progressed(31);
  expect(recovery.nextWaitMs(31)).toBe(0);
});

it('does not begin anew while the music has hardly moved', () => {
  const recovery = new Recovery();
  recovery.nextWaitMs(20);
  recovery.progressed(25);
  expect(recovery.nextWaitMs(25)).toBe(1500);
});
