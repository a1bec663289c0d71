import { expect, it } from 'vitest';
import { seekTarget } from './seek-keys.ts';

it.each([
  ['ArrowRight', 105],
  ['ArrowLeft', 95],
  ['PageUp', 130],
  ['PageDown', 70],
  ['Home', 0],
  ['End', 240],
])('%s goes to %d seconds', (name, seconds) => {
  expect(seekTarget({ key: name, shiftKey: false }, 100, 240)).toBe(seconds);
});

it('stays within the track', () => {
  expect(seekTarget({ key: 'ArrowLeft', shiftKey: false }, 2, 240)).toBe(0);
  expect(seekTarget({ key: 'PageUp', shiftKey: false }, 230, 240)).toBe(240);
});

it('leaves other keys alone, and Shift to the player', () => {
  expect(seekTarget({ key: 'a', shiftKey: false }, 100, 240)).toBeNull();
  expect(seekTarget({ key: 'ArrowRight', shiftKey: true }, 100, 240)).toBeNull();
});
