import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Notices } from './notices.svelte.ts';

let notices: Notices;
let happened: string[];

beforeEach(() => {
  vi.useFakeTimers();
  notices = new Notices();
  happened = [];
});

afterEach(() => vi.useRealTimers());

function show(name: string): void {
  notices.show(name, {
    undo: () => happened.push(`${name} undone`),
    settle: () => happened.push(`${name} settled`),
  });
}

it('does what was put off once it cannot be taken back any more', () => {
  show('deletion');
  vi.advanceTimersByTime(5000);
  expect(happened).toEqual([]);
  vi.advanceTimersByTime(6000);
  expect(happened).toEqual(['deletion settled']);
  expect(notices.current).toBeNull();
});

it('does it at once when another notice takes its place', () => {
  show('one');
  show('two');
  expect(happened).toEqual(['one settled']);
});

it('never does what was taken back', async () => {
  show('deletion');
  await notices.undo();
  vi.advanceTimersByTime(60_000);
  expect(happened).toEqual(['deletion undone']);
});

it('stays while somebody points at it', () => {
  show('deletion');
  notices.hold();
  vi.advanceTimersByTime(60_000);
  expect(happened).toEqual([]);
  notices.resume();
  vi.advanceTimersByTime(11_000);
  expect(happened).toEqual(['deletion settled']);
});
