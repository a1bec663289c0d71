import { at, SAMPLE_RATE, toFrames } from '../synth/audio.ts';
import { OnePole } from '../synth/filter.ts';
import type { Effect } from '../synth/mixer.ts';
import { sine } from '../synth/oscillator.ts';

/** A delay line that can be read between samples. */
export class DelayLine {
  private readonly samples: Float32Array;
  private readonly mask: number;
  private position = 0;

  constructor(maximumFrames: number) {
    const size = 2 ** Math.ceil(Math.log2(maximumFrames + 4));
    this.samples = new Float32Array(size);
    this.mask = size - 1;
  }

  write(value: number): void {
    this.position = (this.position + 1) & this.mask;
    this.samples[this.position] = value;
  }

  /** Returns what was written the given frames ago, interpolated. */
  read(framesAgo: number): number {
    const whole = Math.floor(framesAgo);
    const newer = this.samples[(this.position - whole) & this.mask] ?? 0;
    const older = this.samples[(this.position - whole - 1) & this.mask] ?? 0;
    return newer + (older - newer) * (framesAgo - whole);
  }
}

/** Returns a chorus: two slowly moving copies widen the sound. `mix` 0…1 is the copies' level. */
export function chorus(mix: number, rateHertz = 0.6, depthMilliseconds = 2.5): Effect {
  const left = new DelayLine(toFrames(0.05));
  const right = new DelayLine(toFrames(0.05));
  const depth = (depthMilliseconds / 1000) * SAMPLE_RATE;
  const base = 0.012 * SAMPLE_RATE;
  return {
    process(block, frames, firstFrame) {
      for (let i = 0; i < frames; i++) {
        const turns = ((firstFrame + i) / SAMPLE_RATE) * rateHertz;
        const dryLeft = at(block.left, i);
        const dryRight = at(block.right, i);
        left.write(dryLeft);
        right.write(dryRight);
        block.left[i] = dryLeft * (1 - mix * 0.3) + mix * right.read(base + depth * (1 + sine(turns)));
        block.right[i] =
          dryRight * (1 - mix * 0.3) + mix * left.read(base + depth * (1 + sine(turns + 0.25)));
      }
    },
  };
}

/** Returns tape wow and flutter: the pitch drifts by a few cents, more with a greater depth. */
export function tapeWobble(depthMilliseconds: number): Effect {
  const left = new DelayLine(toFrames(0.06));
  const right = new DelayLine(toFrames(0.06));
  const depth = (depthMilliseconds / 1000) * SAMPLE_RATE;
  return {
    process(block, frames, firstFrame) {
      for (let i = 0; i < frames; i++) {
        const seconds = (firstFrame + i) / SAMPLE_RATE;
        const wow = sine(seconds * 0.43) * 0.7 + sine(seconds * 0.91 + 0.3) * 0.3;
        const delay = 12 + depth * (1.2 + wow) + depth * 0.035 * sine(seconds * 6.3);
        left.write(at(block.left, i));
        right.write(at(block.right, i));
        block.left[i] = left.read(delay);
        block.right[i] = right.read(delay);
      }
    },
  };
}

/** Returns an echo that bounces between the sides, darker with every repeat; only the echoes come out. */
export function pingPong(delaySeconds: number, feedback: number, darkHertz = 3500): Effect {
  const frames = toFrames(delaySeconds);
  const left = new DelayLine(frames);
  const right = new DelayLine(frames);
  const leftTone = new OnePole(darkHertz);
  const rightTone = new OnePole(darkHertz);
  const leftBody = new OnePole(180);
  const rightBody = new OnePole(180);
  return {
    process(block, count) {
      for (let i = 0; i < count; i++) {
        const outLeft = left.read(frames - 1);
        const outRight = right.read(frames - 1);
        const input = (at(block.left, i) + at(block.right, i)) / 2;
        left.write(leftBody.high(leftTone.low(input + outRight * feedback)));
        right.write(rightBody.high(rightTone.low(outLeft * feedback)));
        block.left[i] = outLeft;
        block.right[i] = outRight * (1 / Math.max(0.3, feedback)) * 0.8;
      }
    },
  };
}
