import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '$lib/api/api-error.ts';
import { Removals } from './removals.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function list(refusal: ApiError | null = null) {
  const removed: string[] = [];
  const removals = new Removals(async (id) => {
    if (refusal !== null) throw refusal;
    removed.push(id);
  });
  return { removed, removals };
}

it('what is taken out disappears at once and is gone for good only after a while', async () => {
  const { removed, removals } = list();
  removals.add('a');
  expect([removals.hides('a'), removed]).toEqual([true, []]);
  await vi.advanceTimersByTimeAsync(5000);
  removals.add('b');
  await vi.advanceTimersByTimeAsync(5000);
  expect(removed).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect([removed, removals.pending]).toEqual([['a', 'b'], []]);
  expect(removals.hides('a')).toBe(true);
});

it('what is taken back was never gone', async () => {
  const { removed, removals } = list();
  removals.add('a');
  removals.add('b');
  removals.undo();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([removals.hides('a'), removals.hides('b'), removed]).toEqual([false, false, []]);
});

it('whoever leaves before has it taken out then, once', async () => {
  const { removed, removals } = list();
  removals.add('a');
  await removals.commit(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(removed).toEqual(['a']);
});

it('what the server refuses is there again, with a sentence; what is gone already stays gone', async () => {
  const { removals } = list(new ApiError('offline', 'You are offline.'));
  removals.add('a');
  await removals.commit();
  expect([removals.hides('a'), removals.failure]).toEqual([false, 'You are offline.']);
  const { removals: late } = list(new ApiError('refused', 'Not there.', { status: 404 }));
  late.add('a');
  await late.commit();
  expect([late.hides('a'), late.failure]).toEqual([true, null]);
});
