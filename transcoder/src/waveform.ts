/** Turns PCM into waveform peaks, an exact sample count and a count of clipped samples, in one pass. */
import type { Waveform } from './contract.ts';

const PEAK_COUNT = 1000;
/** Samples per channel that share one intermediate peak: fine enough for two seconds, small for hours. */
const BIN_SAMPLES = 64;
const BYTES_PER_SAMPLE = 2;
const FULL_SCALE = 32767;

/** Reads interleaved signed 16-bit little-endian PCM in pieces of any size. */
export class Meter {
  readonly #channels: number;
  readonly #binValues: number;
  #bins = new Uint16Array(1 << 16);
  #binCount = 0;
  #valuesInBin = 0;
  #binPeak = 0;
  #values = 0;
  #clippedSampleCount = 0;
  #carry: Uint8Array = new Uint8Array(0);

  constructor(channels: number) {
    this.#channels = channels;
    this.#binValues = BIN_SAMPLES * channels;
  }

  /** Samples per channel so far. */
  get sampleCount(): number {
    return Math.floor(this.#values / this.#channels);
  }

  /** Values at full scale so far, over all channels. */
  get clippedSampleCount(): number {
    return this.#clippedSampleCount;
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    const wholeBytes = bytes.length - (bytes.length % BYTES_PER_SAMPLE);
    this.#carry = bytes.slice(wholeBytes);
    // Typed arrays need an even offset; a copy is cheaper than reading every value through a DataView.
    const aligned = bytes.byteOffset % BYTES_PER_SAMPLE === 0 ? bytes : bytes.slice();
    this.#measure(new Int16Array(aligned.buffer, aligned.byteOffset, wholeBytes / BYTES_PER_SAMPLE));
  }

  #measure(values: Int16Array): void {
    let peak = this.#binPeak;
    let inBin = this.#valuesInBin;
    let clipped = 0;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? 0;
      const magnitude = value < 0 ? -value : value;
      if (magnitude > peak) peak = magnitude;
      if (magnitude >= FULL_SCALE) clipped += 1;
      inBin += 1;
      if (inBin === this.#binValues) {
        this.#closeBin(peak);
        peak = 0;
        inBin = 0;
      }
    }
    this.#binPeak = peak;
    this.#valuesInBin = inBin;
    this.#values += values.length;
    this.#clippedSampleCount += clipped;
  }

  #closeBin(peak: number): void {
    if (this.#binCount === this.#bins.length) {
      const larger = new Uint16Array(this.#bins.length * 2);
      larger.set(this.#bins);
      this.#bins = larger;
    }
    this.#bins[this.#binCount] = peak;
    this.#binCount += 1;
  }

  /** @returns at most 1,000 peaks from 0 (silence) to 255 (full scale), evenly spaced over what was read. */
  finish(): Waveform {
    if (this.#valuesInBin > 0) this.#closeBin(this.#binPeak);
    this.#valuesInBin = 0;
    const count = Math.min(PEAK_COUNT, this.#binCount);
    const peaks = Array.from({ length: count }, (_, index) => {
      const from = Math.floor((index * this.#binCount) / count);
      const to = Math.floor(((index + 1) * this.#binCount) / count);
      let peak = 0;
      for (let bin = from; bin < to; bin += 1) peak = Math.max(peak, this.#bins[bin] ?? 0);
      return Math.min(255, Math.round((peak / FULL_SCALE) * 255));
    });
    return { peaks };
  }
}
