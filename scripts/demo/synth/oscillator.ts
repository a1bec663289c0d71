import { SAMPLE_RATE } from './audio.ts';

const TABLE_SIZE = 8192;
const sineTable = Float32Array.from({ length: TABLE_SIZE + 1 }, (_, i) =>
  Math.sin((2 * Math.PI * i) / TABLE_SIZE),
);

/** Returns the sine of a phase given in turns; any real phase is fine. */
export function sine(turns: number): number {
  const position = (turns - Math.floor(turns)) * TABLE_SIZE;
  const index = position | 0;
  const low = sineTable[index] ?? 0;
  return low + ((sineTable[index + 1] ?? 0) - low) * (position - index);
}

/** Returns the correction that rounds off a step so that it does not alias (polyBLEP). */
function blep(phase: number, step: number): number {
  if (phase < step) {
    const t = phase / step;
    return t + t - t * t - 1;
  }
  if (phase > 1 - step) {
    const t = (phase - 1) / step;
    return t * t + t + t + 1;
  }
  return 0;
}

/** A band-limited sawtooth. */
export class Saw {
  private phase: number;
  private step: number;

  constructor(hertz: number, startTurns = 0) {
    this.phase = startTurns;
    this.step = hertz / SAMPLE_RATE;
  }

  set hertz(value: number) {
    this.step = value / SAMPLE_RATE;
  }

  next(): number {
    this.phase += this.step;
    if (this.phase >= 1) this.phase -= 1;
    return 2 * this.phase - 1 - blep(this.phase, this.step);
  }
}

/**
 * A sawtooth from the differences of a parabola: cheaper than `Saw`, with a little less treble,
 * which is right where a low-pass follows anyway.
 */
export class SoftSaw {
  private phase: number;
  private previous: number;
  private readonly step: number;
  private readonly scale: number;

  constructor(hertz: number, startTurns = 0) {
    this.phase = 2 * startTurns - 1;
    this.previous = this.phase * this.phase;
    this.step = (2 * hertz) / SAMPLE_RATE;
    this.scale = SAMPLE_RATE / (4 * hertz);
  }

  /** Writes the next samples to frames start…end. */
  fill(out: Float32Array, start: number, end: number): void {
    const { step, scale } = this;
    let { phase, previous } = this;
    for (let i = start; i < end; i++) {
      phase += step;
      if (phase >= 1) phase -= 2;
      const square = phase * phase;
      out[i] = (square - previous) * scale;
      previous = square;
    }
    this.phase = phase;
    this.previous = previous;
  }
}

/** A band-limited pulse wave; width 0.5 is a square. Its mean is zero at every width. */
export class Pulse {
  width: number;
  private phase: number;
  private step: number;

  constructor(hertz: number, width = 0.5, startTurns = 0) {
    this.width = width;
    this.phase = startTurns;
    this.step = hertz / SAMPLE_RATE;
  }

  set hertz(value: number) {
    this.step = value / SAMPLE_RATE;
  }

  next(): number {
    this.phase += this.step;
    if (this.phase >= 1) this.phase -= 1;
    let value = this.phase < this.width ? 1 : -1;
    value += blep(this.phase, this.step);
    const fall = this.phase - this.width;
    value -= blep(fall < 0 ? fall + 1 : fall, this.step);
    return value - (2 * this.width - 1);
  }
}

/** White noise that is the same on every run for a given seed number. */
export class Noise {
  private state: number;

  constructor(seed: number) {
    this.state = (seed | 0) ^ 0x9e3779b9 || 1;
  }

  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x / 2_147_483_648;
  }
}
