import { at, SAMPLE_RATE } from '../synth/audio.ts';
import {
  Biquad,
  bell,
  highPass,
  highShelf,
  lowShelf,
  OnePole,
  StateVariableFilter,
} from '../synth/filter.ts';
import type { Effect } from '../synth/mixer.ts';
import { sine } from '../synth/oscillator.ts';

export type EqualiserBand =
  | { kind: 'high-pass'; hertz: number; q?: number }
  | { kind: 'bell'; hertz: number; gainDb: number; q?: number }
  | { kind: 'low-shelf' | 'high-shelf'; hertz: number; gainDb: number };

/** Returns an equaliser with fixed bands. */
export function equaliser(...bands: readonly EqualiserBand[]): Effect {
  const left = bands.map(bandFilter);
  const right = bands.map(bandFilter);
  return {
    process(block, frames) {
      for (const filter of left) filterInPlace(filter, block.left, frames);
      for (const filter of right) filterInPlace(filter, block.right, frames);
    },
  };
}

function bandFilter(band: EqualiserBand): Biquad {
  if (band.kind === 'high-pass') return new Biquad(highPass(band.hertz, band.q));
  if (band.kind === 'bell') return new Biquad(bell(band.hertz, band.gainDb, band.q));
  const shelf = band.kind === 'low-shelf' ? lowShelf : highShelf;
  return new Biquad(shelf(band.hertz, band.gainDb));
}

function filterInPlace(filter: Biquad, samples: Float32Array, frames: number): void {
  for (let i = 0; i < frames; i++) samples[i] = filter.next(at(samples, i));
}

/** Returns a low-pass whose corner, in hertz, follows a function of the time in seconds. */
export function sweptLowPass(cornerAt: (seconds: number) => number, resonance = 0.1): Effect {
  const left = new StateVariableFilter(1000, resonance);
  const right = new StateVariableFilter(1000, resonance);
  return {
    process(block, frames, firstFrame) {
      const corner = cornerAt(firstFrame / SAMPLE_RATE);
      left.tune(corner, resonance);
      right.tune(corner, resonance);
      for (let i = 0; i < frames; i++) {
        left.feed(at(block.left, i));
        right.feed(at(block.right, i));
        block.left[i] = left.low;
        block.right[i] = right.low;
      }
    },
  };
}

/** Returns a fader that follows a function of the time in seconds, smoothly across each block. */
export function fader(gainAt: (seconds: number) => number): Effect {
  return {
    process(block, frames, firstFrame) {
      const start = gainAt(firstFrame / SAMPLE_RATE);
      const end = gainAt((firstFrame + frames) / SAMPLE_RATE);
      for (let i = 0; i < frames; i++) {
        const gain = start + ((end - start) * i) / frames;
        block.left[i] = at(block.left, i) * gain;
        block.right[i] = at(block.right, i) * gain;
      }
    },
  };
}

/** Returns soft saturation: `drive` 1 is hardly audible, 4 is thick; quiet signals keep their level. */
export function saturation(drive: number): Effect {
  return {
    process(block, frames) {
      for (let i = 0; i < frames; i++) {
        block.left[i] = softClip(at(block.left, i) * drive) / drive;
        block.right[i] = softClip(at(block.right, i) * drive) / drive;
      }
    },
  };
}

/** Returns a rounded version of the input that never leaves −1…1. */
export function softClip(value: number): number {
  if (value > 3) return 1;
  if (value < -3) return -1;
  const square = value * value;
  return (value * (27 + square)) / (27 + 9 * square);
}

/** Returns a slow swing between left and right, as in an electric piano's amplifier. */
export function autoPan(hertz: number, depth: number): Effect {
  return {
    process(block, frames, firstFrame) {
      for (let i = 0; i < frames; i++) {
        const swing = depth * sine(((firstFrame + i) / SAMPLE_RATE) * hertz);
        block.left[i] = at(block.left, i) * (1 + swing);
        block.right[i] = at(block.right, i) * (1 - swing);
      }
    },
  };
}

/**
 * Returns sidechain ducking: the signal dips by up to `depth` (0…1) at each trigger frame and comes back.
 * The dip's edge takes a few milliseconds so that it does not click.
 */
export function ducker(triggerFrames: readonly number[], depth: number, recoverSeconds: number): Effect {
  // The list may still be growing while the piece is written: it is only read when rendering starts.
  let triggers: readonly number[] | undefined;
  let next = 0;
  let latest = Number.NEGATIVE_INFINITY;
  const smooth = new OnePole(60);
  smooth.low(0);
  return {
    process(block, frames, firstFrame) {
      triggers ??= [...triggerFrames].sort((a, b) => a - b);
      for (let i = 0; i < frames; i++) {
        while ((triggers[next] ?? Number.POSITIVE_INFINITY) <= firstFrame + i) {
          latest = triggers[next++] ?? 0;
        }
        const seconds = (firstFrame + i - latest) / SAMPLE_RATE;
        const recovered = Math.min(1, seconds / recoverSeconds);
        const gain = 1 - smooth.low(depth * (1 - recovered * recovered * (3 - 2 * recovered)));
        block.left[i] = at(block.left, i) * gain;
        block.right[i] = at(block.right, i) * gain;
      }
    },
  };
}

/** Returns a stereo widener or narrower: 0 is mono, 1 unchanged, up to 1.5 wide; lows below 150 Hz stay central. */
export function width(amount: number): Effect {
  const lowSide = new OnePole(150);
  return {
    process(block, frames) {
      for (let i = 0; i < frames; i++) {
        const middle = (at(block.left, i) + at(block.right, i)) / 2;
        const side = lowSide.high((at(block.left, i) - at(block.right, i)) / 2) * amount;
        block.left[i] = middle + side;
        block.right[i] = middle - side;
      }
    },
  };
}
