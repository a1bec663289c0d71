import { describe, expect, it } from 'vitest';
import { cropHeight, LARGEST_ZOOM, moved, wholeCrop, zoomed, zoomOf } from './crop.ts';

const landscape = { width: 400, height: 300, aspect: 1 };
const portrait = { width: 300, height: 400, aspect: 1 };
const banner = { width: 900, height: 900, aspect: 3 };

describe('a part of a picture', () => {
  it('begins as large as it can be, in the middle', () => {
    expect(wholeCrop(landscape)).toEqual({ x: 0.125, y: 0, size: 0.75 });
    expect(wholeCrop(portrait)).toEqual({ x: 0, y: 0.125, size: 1 });
    const { x, y, size } = wholeCrop(banner);
    expect([x, size]).toEqual([0, 1]);
    expect(y).toBeCloseTo(1 / 3);
  });

  it('never reaches out of the picture, however it is moved and zoomed', () => {
    for (const frame of [landscape, portrait, banner]) {
      let crop = wholeCrop(frame);
      for (let step = 0; step < 200; step++) {
        crop = zoomed(frame, crop, 1 + ((step * 7) % 40) / 10);
        crop = moved(frame, crop, Math.sin(step) * 2, Math.cos(step * 3) * 2);
        expect(crop.x).toBeGreaterThanOrEqual(0);
        expect(crop.y).toBeGreaterThanOrEqual(0);
        expect(crop.x + crop.size).toBeLessThanOrEqual(1.000001);
        expect(crop.y + cropHeight(frame, crop.size)).toBeLessThanOrEqual(1.000001);
      }
    }
  });

  it('keeps its centre while it is zoomed, and its size while it is moved', () => {
    const close = zoomed(landscape, wholeCrop(landscape), 2);
    expect(close).toEqual({ x: 0.3125, y: 0.25, size: 0.375 });
    expect(zoomOf(landscape, close)).toBe(2);
    const right = moved(landscape, close, 0.1, 0);
    expect(right.size).toBe(close.size);
    expect(right.x).toBeCloseTo(close.x + 0.0375);
    expect(zoomOf(landscape, zoomed(landscape, close, 99))).toBe(LARGEST_ZOOM);
  });
});
