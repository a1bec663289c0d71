/**
 * EBU R128 loudness in the same pass as the other measures: integrated after ITU-R BS.1770-4, range after EBU
 * Tech 3342. ffmpeg's `ebur128` gives the same for three times the work.
 */
import type { Loudness } from './contract.ts';

/** Blocks of 400 ms overlap by three quarters, and windows of 3 s move as often, so all are made of 100 ms. */
const STEPS_PER_SECOND = 10;
const BLOCK_STEPS = 4;
const SHORT_TERM_STEPS = 30;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
const RANGE_GATE_LU = -20;
const RANGE_PERCENTILES = [0.1, 0.95] as const;
/** Below this a filter's memory is as good as nothing, and arithmetic on such small numbers is slow. */
const NEGLIGIBLE = 1e-15;

/** Filter coefficients: b0, b1, b2, a1, a2. */
type Biquad = readonly [number, number, number, number, number];

/** Measures interleaved samples of one or two channels at any rate that is a multiple of 10 Hz. */
export class LoudnessMeter {
  readonly #channels: number;
  readonly #shelf: Biquad;
  readonly #highPass: Biquad;
  readonly #stepFrames: number;
  /** Four numbers of filter memory a channel. */
  readonly #memory: Float64Array;
  #stepEnergy = 0;
  #stepFramesLeft: number;
  /** Mean square of every 100 ms, summed over the channels. */
  #steps = new Float64Array(1 << 12);
  #stepCount = 0;

  constructor(channels: number, sampleRateHz: number) {
    this.#channels = channels;
    this.#shelf = shelfFilter(sampleRateHz);
    this.#highPass = highPassFilter(sampleRateHz);
    this.#stepFrames = sampleRateHz / STEPS_PER_SECOND;
    this.#stepFramesLeft = this.#stepFrames;
    this.#memory = new Float64Array(4 * channels);
  }

  /** Takes whole frames. */
  push(values: Float32Array): void {
    for (let from = 0; from < values.length; ) {
      const to = Math.min(values.length, from + this.#stepFramesLeft * this.#channels);
      for (let channel = 0; channel < this.#channels; channel += 1) {
        this.#stepEnergy += this.#filteredEnergy(values, from + channel, to, channel);
      }
      this.#stepFramesLeft -= (to - from) / this.#channels;
      from = to;
      if (this.#stepFramesLeft === 0) this.#endStep();
    }
  }

  /** @returns the figures in hundredths, or null where nothing was loud enough to measure. */
  finish(): Omit<Loudness, 'truePeakDbtp'> | null {
    const blocks = gated(this.#windows(BLOCK_STEPS), RELATIVE_GATE_LU);
    if (blocks.length === 0) return null;
    const levels = gated(this.#windows(SHORT_TERM_STEPS), RANGE_GATE_LU).map(toLufs).sort();
    const [low, high] = RANGE_PERCENTILES.map((part) => levels[Math.round(part * (levels.length - 1))] ?? 0);
    return {
      integratedLufs: hundredths(toLufs(mean(blocks))),
      rangeLu: hundredths((high ?? 0) - (low ?? 0)),
    };
  }

  #endStep(): void {
    if (this.#stepCount === this.#steps.length) {
      const larger = new Float64Array(this.#steps.length * 2);
      larger.set(this.#steps);
      this.#steps = larger;
    }
    // One channel is heard from two loudspeakers.
    const weight = this.#channels === 1 ? 2 : 1;
    const energy = (weight * this.#stepEnergy) / this.#stepFrames;
    // A file of floats may hold what is no number; it must not spoil what follows.
    this.#steps[this.#stepCount] = Number.isFinite(energy) ? energy : 0;
    this.#stepCount += 1;
    this.#stepEnergy = 0;
    this.#stepFramesLeft = this.#stepFrames;
    const memory = this.#memory;
    memory.forEach((value, at) => {
      if (!(Math.abs(value) > NEGLIGIBLE && Number.isFinite(energy))) memory[at] = 0;
    });
  }

  /** Both filters in a row over one channel (transposed direct form II); returns the sum of squares. */
  #filteredEnergy(values: Float32Array, from: number, to: number, channel: number): number {
    const [b0, b1, b2, a1, a2] = this.#shelf;
    const [c0, c1, c2, d1, d2] = this.#highPass;
    const memory = this.#memory;
    const at = 4 * channel;
    let [s1 = 0, s2 = 0, t1 = 0, t2 = 0] = memory.subarray(at, at + 4);
    let energy = 0;
    for (let i = from; i < to; i += this.#channels) {
      const input = values[i] ?? 0;
      const shelved = b0 * input + s1;
      s1 = b1 * input - a1 * shelved + s2;
      s2 = b2 * input - a2 * shelved;
      const output = c0 * shelved + t1;
      t1 = c1 * shelved - d1 * output + t2;
      t2 = c2 * shelved - d2 * output;
      energy += output * output;
    }
    memory.set([s1, s2, t1, t2], at);
    return energy;
  }

  /** Mean squares of all windows of that many steps, one beginning at each step. */
  #windows(steps: number): Float64Array {
    const windows = new Float64Array(Math.max(0, this.#stepCount - steps + 1));
    return windows.map((_, from) => mean(this.#steps.subarray(from, from + steps)));
  }
}

/** @returns what passes the absolute gate, and then the one relative to the mean of that. */
function gated(windows: Float64Array, relativeLu: number): Float64Array {
  const audible = windows.filter((energy) => toLufs(energy) > ABSOLUTE_GATE_LUFS);
  const gate = toLufs(mean(audible)) + relativeLu;
  return audible.filter((energy) => toLufs(energy) > gate);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function toLufs(energy: number): number {
  return -0.691 + 10 * Math.log10(energy);
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** BS.1770-4, Annex 1, first stage: the head's effect. The standard tabulates it for 48 kHz alone. */
function shelfFilter(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRateHz);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return [
    (high + (band * k) / q + k * k) / a0,
    (2 * (k * k - high)) / a0,
    (high - (band * k) / q + k * k) / a0,
    (2 * (k * k - 1)) / a0,
    (1 - k / q + k * k) / a0,
  ];
}

/** BS.1770-4, Annex 1, second stage: the "RLB" high-pass. */
function highPassFilter(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return [1, -2, 1, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0];
}
