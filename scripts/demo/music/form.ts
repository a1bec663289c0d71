import type { Mixer } from '../synth/mixer.ts';

/** A piece ready to be rendered. */
export type Composition = {
  mixer: Mixer;
  /** Length in seconds, tail included. */
  lengthSeconds: number;
  /** Where a continuous piece is cut into tracks, in seconds; empty for a single track. */
  cutSeconds: readonly number[];
  /** Fade at the very beginning and end, in seconds. */
  fadeInSeconds: number;
  fadeOutSeconds: number;
  targetLufs: number;
};

/** A part of the form with the layers that play in it. */
export type Section<Layer extends string> = { name: string; bars: number; layers: readonly Layer[] };

/** A section with its place in the piece, in bars. */
export type PlacedSection<Layer extends string> = Section<Layer> & {
  firstBar: number;
  has(layer: Layer): boolean;
};

/** Returns the sections with their first bars, and the number of bars in all. */
export function layOut<Layer extends string>(
  sections: readonly Section<Layer>[],
): { sections: PlacedSection<Layer>[]; bars: number } {
  let bars = 0;
  const placed = sections.map((section) => {
    const firstBar = bars;
    bars += section.bars;
    return { ...section, firstBar, has: (layer: Layer) => section.layers.includes(layer) };
  });
  return { sections: placed, bars };
}

/** Returns an item of a list that repeats for ever; throws a RangeError for an empty list. */
export function cycle<T>(items: readonly T[], index: number): T {
  const item = items[((index % items.length) + items.length) % items.length];
  if (item === undefined) throw new RangeError('Nothing to repeat');
  return item;
}

/** Returns a curve through `[seconds, value]` points: straight in between, level outside. */
export function curve(
  points: readonly (readonly [seconds: number, value: number])[],
): (seconds: number) => number {
  return (seconds) => {
    let before = points[0] ?? [0, 0];
    for (const point of points) {
      if (point[0] > seconds) {
        const span = point[0] - before[0];
        if (span <= 0 || seconds <= before[0]) return before[1];
        return before[1] + ((point[1] - before[1]) * (seconds - before[0])) / span;
      }
      before = point;
    }
    return before[1];
  };
}
