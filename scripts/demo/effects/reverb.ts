import { at, BLOCK_FRAMES, SAMPLE_RATE, toFrames } from '../synth/audio.ts';
import type { Effect } from '../synth/mixer.ts';
import { sine } from '../synth/oscillator.ts';

export type ReverbOptions = {
  /** Time in seconds until the tail has lost 60 dB. */
  decaySeconds: number;
  /** Size of the room, 0.5 (chamber) … 1.6 (cathedral). */
  size?: number;
  /** Above this frequency, in hertz, the tail dies sooner. */
  dampingHertz?: number;
  /** Silence before the first reflection, in seconds. */
  preDelaySeconds?: number;
};

/** Lengths in seconds with no common divisor, so that the echoes never line up into a tone. */
const LINE_SECONDS = [0.0297, 0.0371, 0.0411, 0.0437, 0.0533, 0.0617, 0.0679, 0.0757];
const DIFFUSER_SECONDS = [0.0047, 0.0036, 0.0127, 0.0093];
const LINES = 8;

/** Returns a reverb (feedback delay network with a Hadamard matrix); only the tail comes out. */
export function reverb(options: ReverbOptions): Effect {
  const { decaySeconds, size = 1, dampingHertz = 5000, preDelaySeconds = 0.015 } = options;
  const preDelay = new Ring(toFrames(preDelaySeconds) + 1);
  const leftDiffusers = DIFFUSER_SECONDS.map((seconds) => new AllPass(toFrames(seconds)));
  const rightDiffusers = DIFFUSER_SECONDS.map((seconds) => new AllPass(toFrames(seconds * 1.13)));
  const preDelayRight = new Ring(toFrames(preDelaySeconds) + 1);
  const tank = new Tank(decaySeconds, size, dampingHertz);
  return {
    process(block, frames, firstFrame) {
      tank.drift(firstFrame);
      for (let i = 0; i < frames; i++) {
        let left = preDelay.push(at(block.left, i));
        let right = preDelayRight.push(at(block.right, i));
        for (const diffuser of leftDiffusers) left = diffuser.next(left);
        for (const diffuser of rightDiffusers) right = diffuser.next(right);
        tank.next(left, right);
        block.left[i] = tank.left;
        block.right[i] = tank.right;
      }
    },
  };
}

class Ring {
  private readonly samples: Float32Array;
  private position = 0;

  constructor(frames: number) {
    this.samples = new Float32Array(Math.max(1, frames));
  }

  push(value: number): number {
    const oldest = this.samples[this.position] ?? 0;
    this.samples[this.position] = value;
    this.position = this.position + 1 === this.samples.length ? 0 : this.position + 1;
    return oldest;
  }
}

class AllPass {
  private readonly samples: Float32Array;
  private position = 0;

  constructor(frames: number) {
    this.samples = new Float32Array(frames);
  }

  next(input: number): number {
    const delayed = this.samples[this.position] ?? 0;
    const stored = input - 0.6 * delayed;
    this.samples[this.position] = stored;
    this.position = this.position + 1 === this.samples.length ? 0 : this.position + 1;
    return delayed + 0.6 * stored;
  }
}

/** The part of the room where sound goes round: eight lines that all feed each other. */
class Tank {
  left = 0;
  right = 0;
  private readonly lines: Float32Array[];
  private readonly lengths: Float32Array;
  private readonly gains: Float32Array;
  private readonly damped = new Float32Array(LINES);
  private readonly offsets = new Float32Array(LINES);
  private readonly slopes = new Float32Array(LINES);
  private readonly outputs = new Float32Array(LINES);
  private readonly mask: number;
  private readonly damping: number;
  private position = 0;

  constructor(decaySeconds: number, size: number, dampingHertz: number) {
    const ring = 2 ** Math.ceil(Math.log2(toFrames(0.0757 * size) + 64));
    this.mask = ring - 1;
    this.lines = LINE_SECONDS.map(() => new Float32Array(ring));
    this.lengths = Float32Array.from(LINE_SECONDS, (seconds) => toFrames(seconds * size));
    this.gains = Float32Array.from(LINE_SECONDS, (seconds) => 10 ** ((-3 * seconds * size) / decaySeconds));
    this.damping = 1 - Math.exp((-2 * Math.PI * dampingHertz) / SAMPLE_RATE);
  }

  /** Moves the lines' lengths by a hair, which takes the metal out of the tail. */
  drift(frame: number): void {
    for (let n = 0; n < LINES; n++) {
      const turnsPerFrame = (0.31 + 0.07 * n) / SAMPLE_RATE;
      const start = 6 * (1 + sine(frame * turnsPerFrame + n / LINES));
      const end = 6 * (1 + sine((frame + BLOCK_FRAMES) * turnsPerFrame + n / LINES));
      this.offsets[n] = start;
      this.slopes[n] = (end - start) / BLOCK_FRAMES;
    }
  }

  next(left: number, right: number): void {
    const { outputs, damped } = this;
    for (let n = 0; n < LINES; n++) {
      const line = this.lines[n];
      if (line === undefined) continue;
      const offset = at(this.offsets, n) + at(this.slopes, n);
      this.offsets[n] = offset;
      const ago = at(this.lengths, n) + offset;
      const whole = ago | 0;
      const newer = line[(this.position - whole) & this.mask] ?? 0;
      const older = line[(this.position - whole - 1) & this.mask] ?? 0;
      const dark = at(damped, n) + this.damping * (newer + (older - newer) * (ago - whole) - at(damped, n));
      damped[n] = dark;
      outputs[n] = dark * at(this.gains, n);
    }
    this.left = (at(outputs, 0) - at(outputs, 2) + at(outputs, 4) - at(outputs, 6)) * 0.5;
    this.right = (at(outputs, 1) - at(outputs, 3) + at(outputs, 5) - at(outputs, 7)) * 0.5;
    for (let half = 1; half < LINES; half *= 2) {
      for (let n = 0; n < LINES; n++) {
        if ((n & half) !== 0) continue;
        const a = at(outputs, n);
        const b = at(outputs, n + half);
        outputs[n] = a + b;
        outputs[n + half] = a - b;
      }
    }
    this.position = (this.position + 1) & this.mask;
    for (let n = 0; n < LINES; n++) {
      const line = this.lines[n];
      if (line !== undefined) {
        line[this.position] = at(outputs, n) * 0.353_553_4 + ((n & 1) === 0 ? left : right) * 0.35;
      }
    }
  }
}
