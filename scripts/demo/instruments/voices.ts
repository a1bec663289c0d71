import { add, at, BLOCK_FRAMES, panGains, type Stereo } from '../synth/audio.ts';
import type { Voice } from '../synth/mixer.ts';

/** How a part asks for a note: MIDI number, velocity 0…1, time until it is let go in seconds. */
export type Instrument = (midi: number, velocity: number, seconds: number) => Voice;

/** A percussion sound at a velocity of 0…1. */
export type Drum = (velocity: number) => Voice;

/**
 * A voice that makes mono samples, placed in the stereo field. It works in whole blocks and keeps its
 * state in fields: numbers that cross a call or live in a closure are allocated one by one, which
 * halves the speed.
 */
export abstract class MonoVoice implements Voice {
  private readonly left: number;
  private readonly right: number;

  constructor(pan = 0) {
    const gains = panGains(pan);
    this.left = gains.left;
    this.right = gains.right;
  }

  /** Writes the next samples to frames start…end. */
  protected abstract fill(out: Float32Array, start: number, end: number): void;

  /** Whether nothing audible follows. */
  protected abstract get done(): boolean;

  render(block: Stereo, start: number, end: number): boolean {
    this.fill(scratch, start, end);
    for (let i = start; i < end; i++) add(block.left, i, at(scratch, i) * this.left);
    for (let i = start; i < end; i++) add(block.right, i, at(scratch, i) * this.right);
    return !this.done;
  }
}

const scratch = new Float32Array(BLOCK_FRAMES);

/** One hit of a drum as it is made: the next sample, and whether it is over. */
export type Hit = { next: () => number; done: () => boolean };

/**
 * Returns a drum whose hits are made once and then played back, in turn through a few variations
 * so that no two hits in a row are the same.
 */
export function sampledDrum(
  make: (variation: number) => Hit,
  options: { pan?: number; variations?: number } = {},
): Drum {
  const variations = options.variations ?? 1;
  const samples: Float32Array[] = [];
  let hits = 0;
  return (velocity) => {
    const variation = hits++ % variations;
    const sample = samples[variation] ?? record(make(variation));
    samples[variation] = sample;
    return playback(sample, velocity, options.pan ?? 0);
  };
}

function record(hit: Hit): Float32Array {
  const values: number[] = [];
  while (!hit.done()) values.push(hit.next());
  return Float32Array.from(values);
}

function playback(sample: Float32Array, velocity: number, pan: number): Voice {
  const gains = panGains(pan);
  let position = 0;
  return {
    render(block, start, end) {
      const offset = position - start;
      const last = Math.min(end, sample.length - offset);
      for (let i = start; i < last; i++) {
        const value = at(sample, offset + i) * velocity;
        add(block.left, i, value * gains.left);
        add(block.right, i, value * gains.right);
      }
      position += end - start;
      return position < sample.length;
    },
  };
}
