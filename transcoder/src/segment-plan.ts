/**
 * Where segments begin and end, in samples, the same for every rendition.
 *
 * Lengths are whole AAC frames (1024) and whole FLAC blocks (4096): two short segments for a fast start, then
 * about ten seconds each. Boundaries are media time (`tfdt`), not presentation time: hls.js maps a
 * segment's `tfdt` to its place in the playlist without looking at the edit list, so this keeps a start in
 * the middle of a track as exact as a start at its beginning.
 */

const FLAC_BLOCK_SAMPLES = 4096;

/** About two seconds: 2.043 s at 44.1 kHz, 2.048 s at 48 kHz. */
const UNIT_BLOCKS = { 44100: 22, 48000: 24 } as const;
const SHORT_SEGMENTS = 2;
const UNITS_PER_LONG_SEGMENT = 5;

/** A remainder shorter than this joins the segment before it. */
const MIN_LAST_SEGMENT_SECONDS = 1;

/**
 * EXT-X-TARGETDURATION in seconds: the longest long segment with the longest remainder is 11.24 s, and
 * RFC 8216 §4.3.3.1 compares rounded durations. It never changes while a playlist grows.
 */
export const TARGET_DURATION_SECONDS = 11;

export type SampleRateHz = keyof typeof UNIT_BLOCKS;

/** @returns the first sample of segment `index` (counted from 0). */
export function segmentStart(index: number, sampleRateHz: SampleRateHz): number {
  const units =
    index <= SHORT_SEGMENTS ? index : SHORT_SEGMENTS + (index - SHORT_SEGMENTS) * UNITS_PER_LONG_SEGMENT;
  return units * UNIT_BLOCKS[sampleRateHz] * FLAC_BLOCK_SAMPLES;
}

/** @returns how many samples must follow the end of a segment before it is certain that it is not the last. */
export function minLastSegmentSamples(sampleRateHz: SampleRateHz): number {
  return MIN_LAST_SEGMENT_SECONDS * sampleRateHz;
}

/** @returns how many segments a recording of `sampleCount` samples has; at least one. */
export function segmentCount(sampleCount: number, sampleRateHz: SampleRateHz): number {
  let count = 1;
  while (sampleCount - segmentStart(count, sampleRateHz) >= minLastSegmentSamples(sampleRateHz)) count += 1;
  return count;
}

/** @returns the length in samples of every segment of a recording; their sum is `sampleCount`. */
export function segmentLengths(sampleCount: number, sampleRateHz: SampleRateHz): number[] {
  const count = segmentCount(sampleCount, sampleRateHz);
  return Array.from({ length: count }, (_, index) => {
    const end = index === count - 1 ? sampleCount : segmentStart(index + 1, sampleRateHz);
    return end - segmentStart(index, sampleRateHz);
  });
}
