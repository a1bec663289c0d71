import { describe, expect, it } from 'vitest';
import { barCount, barHeights, waveformPath } from './waveform-path.ts';

describe('barHeights', () => {
  it('keeps the highest peak of each stretch', () => {
    expect(barHeights([10, 100, 0, 50], 2)).toEqual([1, 0.5]);
  });

  it('draws a quiet recording as tall as a loud one', () => {
    expect(barHeights([5, 10], 2)).toEqual([0.5, 1]);
  });

  it('repeats peaks where there are more bars than peaks', () => {
    expect(barHeights([255], 3)).toEqual([1, 1, 1]);
  });

  it('keeps a line where there is silence', () => {
    expect(Math.min(...barHeights([0, 255], 2))).toBeGreaterThan(0);
  });
});

it('fits bars and gaps into the width', () => {
  expect(barCount(98)).toBe(20);
  expect(barCount(0)).toBe(1);
});

it('draws bars around the middle', () => {
  expect(waveformPath([1, 0], 96)).toBe('M1.5 1.5V94.5M6.5 48.0V48.0');
});
