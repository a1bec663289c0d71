import { expect, it } from 'vitest';
import { PART_SIZE_BYTES as P, partCount, partSize } from './policy.ts';

it.each([1, P - 1, P, P + 1, 3 * P, 2 * 1024 ** 3])(
  'the parts of %i bytes add up to them, and none is empty',
  (sizeBytes) => {
    const sizes = Array.from({ length: partCount(sizeBytes) }, (_, i) => partSize(sizeBytes, i + 1));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(sizeBytes);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    // R2 takes no more than 10,000 parts and wants the same size for all but the last.
    expect(sizes.length).toBeLessThanOrEqual(10_000);
    expect(new Set(sizes.slice(0, -1)).size).toBeLessThanOrEqual(1);
  },
);
