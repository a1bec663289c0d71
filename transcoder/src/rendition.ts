/** Cuts one rendition's stream of frames into segments, as early as it is certain where they end. */
import type { RenditionName } from './contract.ts';
import { AAC_FRAME_SAMPLES } from './ffmpeg-arguments.ts';
import { FragmentedMp4Reader, type Frame } from './mp4-reader.ts';
import { writeInit, writeSegment } from './mp4-writer.ts';
import { minLastSegmentSamples, type SampleRateHz, segmentCount, segmentStart } from './segment-plan.ts';

/**
 * More than an AAC stream runs past the end of the music: delay (1024), padding (2048) and rounding up to
 * 4096. A segment is safe to send only when this much and the shortest last segment lie behind its end.
 */
const MAX_OVERHANG_SAMPLES = 8192;

/** An object to store: its path in the answer and its bytes. */
export interface StoredObject {
  path: string;
  bytes: Uint8Array;
}

/** A segment that has been cut. */
export interface Segment {
  bytes: number;
}

/** One rendition of a job; gives out its objects as they become certain. */
export class Rendition {
  readonly name: RenditionName;
  readonly segments: Segment[] = [];
  readonly #sampleRateHz: SampleRateHz;
  readonly #isAac: boolean;
  readonly #reader: FragmentedMp4Reader;
  readonly #ready: StoredObject[] = [];
  #initBytes = 0;
  #frames: Frame[] = [];
  #receivedSamples = 0;

  constructor(name: RenditionName, isAac: boolean, sampleRateHz: SampleRateHz) {
    this.name = name;
    this.#isAac = isAac;
    this.#sampleRateHz = sampleRateHz;
    this.#reader = new FragmentedMp4Reader((init) => {
      const bytes = writeInit(init);
      this.#initBytes = bytes.length;
      this.#ready.push({ path: `${name}/init.mp4`, bytes });
    });
  }

  /** Bytes of the initialisation and of every segment so far. */
  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, this.#initBytes);
  }

  /** @returns the objects that this piece of ffmpeg's output completes. */
  push(chunk: Uint8Array): StoredObject[] {
    for (const frame of this.#reader.push(chunk)) {
      // ffmpeg shortens the last AAC frame to fit; players decode all of it, so it says all of it.
      const durationSamples = this.#isAac ? AAC_FRAME_SAMPLES : frame.durationSamples;
      this.#frames.push({ data: frame.data, durationSamples });
      this.#receivedSamples += durationSamples;
    }
    const certain = minLastSegmentSamples(this.#sampleRateHz) + MAX_OVERHANG_SAMPLES;
    while (this.#receivedSamples >= this.#nextBoundary() + certain) this.#cut(this.#nextBoundary());
    return this.#ready.splice(0);
  }

  /**
   * Cuts what is left once the length of the music is known.
   * @param sampleCount the music's exact length in samples.
   * @returns the remaining objects. @throws where the stream holds less than the music.
   */
  finish(sampleCount: number): StoredObject[] {
    const last = this.#frames.at(-1);
    if (!last) throw new Error(`rendition ${this.name} has no frames`);
    if (!this.#isAac) {
      last.durationSamples += sampleCount - this.#receivedSamples;
      this.#receivedSamples = sampleCount;
      if (last.durationSamples <= 0) throw new Error(`rendition ${this.name} is longer than the music`);
    } else if (this.#receivedSamples < sampleCount + 2 * AAC_FRAME_SAMPLES) {
      throw new Error(`rendition ${this.name} ends before the music`);
    }
    const count = segmentCount(sampleCount, this.#sampleRateHz);
    while (this.segments.length < count - 1) this.#cut(this.#nextBoundary());
    this.#cut(Number.POSITIVE_INFINITY);
    return this.#ready.splice(0);
  }

  #nextBoundary(): number {
    return segmentStart(this.segments.length + 1, this.#sampleRateHz);
  }

  #cut(endSample: number): void {
    const index = this.segments.length;
    const startSample = segmentStart(index, this.#sampleRateHz);
    let position = startSample;
    let taken = 0;
    for (const frame of this.#frames) {
      if (position >= endSample) break;
      position += frame.durationSamples;
      taken += 1;
    }
    if (taken === 0 || (position !== endSample && endSample !== Number.POSITIVE_INFINITY)) {
      throw new Error(`rendition ${this.name} does not divide at sample ${endSample}`);
    }
    const bytes = writeSegment(index + 1, startSample, this.#frames.splice(0, taken));
    this.segments.push({ bytes: bytes.length });
    this.#ready.push({ path: `${this.name}/${index}.m4s`, bytes });
  }
}
