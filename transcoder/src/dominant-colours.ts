/** Finds the two colours that a cover is remembered by. */

/** Bits kept of each component when pixels are grouped. */
const GROUP_BITS = 4;
/** Two colours nearer than this (Euclidean, in sRGB) look like one. */
const MIN_DISTANCE = 72;
/** How far towards black or white the second colour lies where the picture has only one. */
const FALLBACK_SHIFT = 0.35;

type Rgb = readonly [number, number, number];

/**
 * @param pixels interleaved sRGB components, 8 bits each.
 * @param channels 1 (grey), 3 or 4 components a pixel.
 * @returns two `#rrggbb` colours, the most present first and then the most present that differs from it.
 */
export function dominantColours(pixels: Uint8Array, channels: number): [string, string] {
  const groups = new Map<number, { count: number; red: number; green: number; blue: number }>();
  for (let at = 0; at + channels <= pixels.length; at += channels) {
    const red = pixels[at] ?? 0;
    const green = channels >= 3 ? (pixels[at + 1] ?? 0) : red;
    const blue = channels >= 3 ? (pixels[at + 2] ?? 0) : red;
    const shift = 8 - GROUP_BITS;
    const key = ((red >> shift) << (2 * GROUP_BITS)) | ((green >> shift) << GROUP_BITS) | (blue >> shift);
    const group = groups.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 };
    group.count += 1;
    group.red += red;
    group.green += green;
    group.blue += blue;
    groups.set(key, group);
  }
  const ranked = [...groups.values()]
    .toSorted((left, right) => right.count - left.count)
    .map(({ count, red, green, blue }): Rgb => [red / count, green / count, blue / count]);
  const first = ranked[0] ?? [0, 0, 0];
  const second = ranked.find((colour) => distance(colour, first) >= MIN_DISTANCE) ?? shifted(first);
  return [toHex(first), toHex(second)];
}

function distance(left: Rgb, right: Rgb): number {
  return Math.hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2]);
}

function shifted(colour: Rgb): Rgb {
  const towards = colour[0] + colour[1] + colour[2] > 384 ? 0 : 255;
  const move = (component: number): number => component + (towards - component) * FALLBACK_SHIFT;
  return [move(colour[0]), move(colour[1]), move(colour[2])];
}

function toHex(colour: Rgb): string {
  return `#${colour.map((component) => Math.round(component).toString(16).padStart(2, '0')).join('')}`;
}
