/**
 * True peak after ITU-R BS.1770-4, Annex 2: four times oversampled by the standard's own 48-tap filter.
 *
 * ffmpeg's `ebur128=peak=true` gives the same, but oversamples everything, which costs as much as encoding half
 * an AAC rendition. Here the filter runs only where the result can lie: around samples that are themselves
 * near the highest peak found so far.
 */

/** BS.1770-4, Annex 2, table 1: one row per phase. */
const PHASES: readonly (readonly number[])[] = [
  [
    0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625,
    0.97216796875, -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
  ],
  [
    -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625,
    0.77978515625, -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
  ],
  [
    -0.0189208984375, 0.0330810546875, -0.0582275390625, 0.1015625, -0.2003173828125, 0.77978515625,
    0.465087890625, -0.16650390625, 0.089111328125, -0.0517578125, 0.029296875, -0.0291748046875,
  ],
  [
    -0.00830078125, 0.014892578125, -0.026611328125, 0.047607421875, -0.102294921875, 0.97216796875,
    0.1373291015625, -0.0594482421875, 0.033203125, -0.0196533203125, 0.010986328125, 0.001708984375,
  ],
];
const TAPS = 12;
const COEFFICIENTS = Float64Array.from(PHASES.flat());

/** How many samples before and after a sample its surroundings are needed. */
export const TRUE_PEAK_MARGIN = TAPS / 2 + 1;

/**
 * How far music rises between samples at most: 3.5 dB. A full-scale tone at a quarter of the sample rate, the
 * classic example, rises by 3.01 dB.
 */
const MOST_RISE = 1.5;

/** @returns the level from which a sample can belong to a peak higher than `peak`. */
export function truePeakCandidateLevel(peak: number): number {
  return peak / MOST_RISE;
}

/**
 * @param values interleaved samples; {@link TRUE_PEAK_MARGIN} frames around `from`…`to` must be there.
 * @param from first value of one channel to look at, as an index into `values`.
 * @param to end of the values to look at.
 * @param channels the distance between two values of that channel.
 * @param peak the highest peak so far (1 is full scale).
 * @returns the highest peak including these values.
 */
export function truePeak(
  values: Float32Array,
  from: number,
  to: number,
  channels: number,
  peak: number,
): number {
  let highest = peak;
  let level = truePeakCandidateLevel(highest);
  for (let at = from; at < to; at += channels) {
    const magnitude = Math.abs(values[at] ?? 0);
    if (magnitude < level) continue;
    // Between two samples the curve is highest next to the larger one, so only local maxima matter; on the
    // flat top of a clipped wave only its edges.
    const before = Math.abs(values[at - channels] ?? 0);
    const after = Math.abs(values[at + channels] ?? 0);
    if (magnitude < before || magnitude < after || (magnitude === before && magnitude === after)) continue;
    const around = peakAround(values, at, channels);
    if (around > highest) {
      highest = around;
      level = truePeakCandidateLevel(highest);
    }
  }
  return highest;
}

/** The oversampled curve's highest point from one sample before to one after `at`. */
function peakAround(values: Float32Array, at: number, channels: number): number {
  let highest = Math.abs(values[at] ?? 0);
  for (let centre = at - channels; centre <= at; centre += channels) {
    const first = centre - (TAPS / 2 - 1) * channels;
    for (let phase = 0; phase < COEFFICIENTS.length; phase += TAPS) {
      let sum = 0;
      for (let tap = 0; tap < TAPS; tap += 1) {
        sum += (COEFFICIENTS[phase + tap] ?? 0) * (values[first + tap * channels] ?? 0);
      }
      const magnitude = Math.abs(sum);
      if (magnitude > highest) highest = magnitude;
    }
  }
  return highest;
}
