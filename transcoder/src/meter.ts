/** Measures decoded music in one pass: length, waveform peaks, loudness, true peak and clipped samples. */
import type { Loudness, Waveform } from './contract.ts';
import { LoudnessMeter } from './loudness.ts';
import { TRUE_PEAK_MARGIN, truePeak, truePeakCandidateLevel } from './true-peak.ts';

const PEAK_COUNT = 1000;
/** Frames (one sample per channel) that share a peak: fine enough for two seconds, small for hours. */
const BIN_FRAMES = 64;
const BYTES_PER_VALUE = 4;
/** The highest positive value of 16 bits; what reaches it has nowhere to go. */
const FULL_SCALE = 32767 / 32768;

/** Reads interleaved 32-bit float little-endian PCM in pieces of any size. */
export class Meter {
  readonly #channels: number;
  /** Values per bin, and values that must be there on both sides of it. */
  readonly #binValues: number;
  readonly #marginValues: number;
  readonly #loudness: LoudnessMeter;
  /** Bytes that are not a whole frame yet. */
  #carry: Uint8Array = new Uint8Array(0);
  /** The margin before the next bin, the bin's values so far, and what follows it. */
  #window: Float32Array;
  #windowValues: number;
  #receivedValues = 0;
  #bins = new Float32Array(1 << 16);
  #binCount = 0;
  #truePeak = 0;
  #clippedSampleCount = 0;

  constructor(channels: number, sampleRateHz: number) {
    this.#channels = channels;
    this.#loudness = new LoudnessMeter(channels, sampleRateHz);
    this.#binValues = BIN_FRAMES * channels;
    this.#marginValues = TRUE_PEAK_MARGIN * channels;
    this.#window = new Float32Array(this.#marginValues);
    this.#windowValues = this.#marginValues;
  }

  /** Samples per channel so far. */
  get sampleCount(): number {
    return this.#receivedValues / this.#channels;
  }

  /** Values at full scale, over all channels; complete after {@link finish}. */
  get clippedSampleCount(): number {
    return this.#clippedSampleCount;
  }

  /** True peak in dBTP, complete after {@link finish}; minus infinity for silence. */
  get truePeakDbtp(): number {
    return 20 * Math.log10(this.#truePeak);
  }

  /** Complete after {@link finish}; null where nothing was loud enough to measure. */
  get loudness(): Loudness | null {
    const measured = this.#loudness.finish();
    return measured && { ...measured, truePeakDbtp: Math.round(this.truePeakDbtp * 100) / 100 };
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    const values = Math.floor(bytes.length / (BYTES_PER_VALUE * this.#channels)) * this.#channels;
    this.#carry = bytes.slice(values * BYTES_PER_VALUE);
    this.#receivedValues += values;
    // Typed arrays need an aligned offset; what does not have one is copied.
    const isAligned = bytes.byteOffset % BYTES_PER_VALUE === 0;
    const aligned = isAligned ? bytes : bytes.slice();
    const samples = new Float32Array(aligned.buffer, aligned.byteOffset, values);
    this.#loudness.push(samples);
    this.#append(samples);
    this.#measureBins();
  }

  /** @returns at most 1,000 peaks from 0 (silence) to 255 (full scale), evenly spaced over what was read. */
  finish(): Waveform {
    // Silence behind the end completes the last bin and its margin.
    const left = this.#windowValues - this.#marginValues;
    if (left > 0) {
      const binsLeft = Math.ceil(left / this.#binValues);
      this.#append(new Float32Array(binsLeft * this.#binValues - left + this.#marginValues));
      this.#measureBins();
      this.#windowValues = this.#marginValues;
    }
    const count = Math.min(PEAK_COUNT, this.#binCount);
    const peaks = Array.from({ length: count }, (_, index) => {
      const from = Math.floor((index * this.#binCount) / count);
      const to = Math.floor(((index + 1) * this.#binCount) / count);
      const peak = this.#bins.subarray(from, to).reduce((highest, value) => Math.max(highest, value), 0);
      return Math.min(255, Math.round(peak * 255));
    });
    return { peaks };
  }

  #append(values: Float32Array): void {
    const needed = this.#windowValues + values.length;
    if (needed > this.#window.length) {
      const larger = new Float32Array(Math.max(needed, 2 * this.#window.length));
      larger.set(this.#window.subarray(0, this.#windowValues));
      this.#window = larger;
    }
    this.#window.set(values, this.#windowValues);
    this.#windowValues = needed;
  }

  /** Measures every bin whose surroundings are there, and keeps the rest. */
  #measureBins(): void {
    let from = this.#marginValues;
    for (; from + this.#binValues + this.#marginValues <= this.#windowValues; from += this.#binValues) {
      this.#measureBin(from, from + this.#binValues);
    }
    const keepFrom = from - this.#marginValues;
    this.#window.copyWithin(0, keepFrom, this.#windowValues);
    this.#windowValues -= keepFrom;
  }

  #measureBin(from: number, to: number): void {
    const window = this.#window;
    let peak = 0;
    for (let at = from; at < to; at += 1) {
      const magnitude = Math.abs(window[at] ?? 0);
      if (magnitude > peak) peak = magnitude;
    }
    if (peak >= FULL_SCALE) {
      for (let at = from; at < to; at += 1) {
        if (Math.abs(window[at] ?? 0) >= FULL_SCALE) this.#clippedSampleCount += 1;
      }
    }
    if (peak > 0 && peak >= truePeakCandidateLevel(this.#truePeak)) {
      for (let channel = 0; channel < this.#channels; channel += 1) {
        this.#truePeak = truePeak(window, from + channel, to, this.#channels, this.#truePeak);
      }
    }
    if (this.#binCount === this.#bins.length) {
      const larger = new Float32Array(this.#bins.length * 2);
      larger.set(this.#bins);
      this.#bins = larger;
    }
    this.#bins[this.#binCount] = peak;
    this.#binCount += 1;
  }
}
