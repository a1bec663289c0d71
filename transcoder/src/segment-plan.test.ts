import { describe, expect, test } from 'vitest';
import { segmentCount, segmentLengths, segmentStart, TARGET_DURATION_SECONDS } from './segment-plan.ts';

describe.each([44_100, 48_000] as const)('at %d Hz', (rate) => {
  test('boundaries are whole AAC frames and whole FLAC blocks', () => {
    for (let index = 0; index < 1100; index += 1) expect(segmentStart(index, rate) % 4096).toBe(0);
  });

  test('two short segments, then about ten seconds each', () => {
    const seconds = segmentLengths(120 * rate, rate).map((samples) => samples / rate);
    expect(seconds[0]).toBeGreaterThan(2);
    expect(seconds[1]).toBe(seconds[0]);
    for (const length of seconds.slice(2, -1)) expect(length).toBeCloseTo(10.2, 1);
  });

  test.each([1, 0.5, 2.04, 2.05, 3.04, 3.05, 14.3, 14.4, 15.3, 15.4, 10_800])('%d seconds', (seconds) => {
    const sampleCount = Math.round(seconds * rate);
    const lengths = segmentLengths(sampleCount, rate);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(sampleCount);
    expect(lengths).toHaveLength(segmentCount(sampleCount, rate));
    for (const length of lengths) {
      expect(length).toBeGreaterThan(0);
      expect(Math.round(length / rate)).toBeLessThanOrEqual(TARGET_DURATION_SECONDS);
    }
    if (lengths.length > 1) expect(lengths.at(-1)).toBeGreaterThanOrEqual(rate);
  });
});
