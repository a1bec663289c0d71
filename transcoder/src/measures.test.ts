import { describe, expect, test } from 'vitest';
import { dominantColours } from './dominant-colours.ts';
import { LoudnessMeter } from './loudness.ts';
import { Meter } from './meter.ts';

/** Seconds of a 1 kHz tone at dBFS, one after the other, as EBU Tech 3341 and 3342 describe their test signals. */
type Signal = readonly (readonly [seconds: number, dbfs: number])[];

function loudnessOf(signal: Signal, channels = 2, sampleRateHz = 48000) {
  const meter = new LoudnessMeter(channels, sampleRateHz);
  let at = 0;
  for (const [seconds, dbfs] of signal) {
    const frames = Math.round(seconds * sampleRateHz);
    const values = new Float32Array(frames * channels);
    const amplitude = 10 ** (dbfs / 20);
    for (let i = 0; i < frames; i += 1, at += 1) {
      values.fill(
        amplitude * Math.sin((2 * Math.PI * 1000 * at) / sampleRateHz),
        i * channels,
        (i + 1) * channels,
      );
    }
    // Pieces that no step of the meter fits into evenly.
    for (let from = 0; from < values.length; from += 9998) meter.push(values.subarray(from, from + 9998));
  }
  return meter.finish();
}

describe('loudness', () => {
  test.each<[string, Signal, number]>([
    ['1: a tone', [[20, -23]], -23],
    ['2: a quiet tone', [[20, -33]], -33],
    [
      '3: quiet ends',
      [
        [10, -36],
        [60, -23],
        [10, -36],
      ],
      -23,
    ],
    [
      '4: ends below the gate',
      [
        [10, -72],
        [10, -36],
        [60, -23],
        [10, -36],
        [10, -72],
      ],
      -23,
    ],
    [
      '5: louder in the middle',
      [
        [20, -26],
        [20.1, -20],
        [20, -26],
      ],
      -23,
    ],
  ])('is within 0.1 LU of EBU Tech 3341, case %s', (_name, signal, lufs) => {
    expect(Math.abs((loudnessOf(signal)?.integratedLufs ?? 0) - lufs)).toBeLessThanOrEqual(0.1);
    expect(Math.abs((loudnessOf(signal, 2, 44100)?.integratedLufs ?? 0) - lufs)).toBeLessThanOrEqual(0.1);
  });

  test.each<[string, Signal, number]>([
    [
      '1',
      [
        [20, -20],
        [20, -30],
      ],
      10,
    ],
    [
      '2',
      [
        [20, -20],
        [20, -15],
      ],
      5,
    ],
    [
      '3',
      [
        [20, -40],
        [20, -20],
      ],
      20,
    ],
    [
      '4',
      [
        [20, -50],
        [20, -35],
        [20, -20],
        [20, -35],
        [20, -50],
      ],
      15,
    ],
  ])('ranges over what EBU Tech 3342 says within 1 LU, case %s', (_name, signal, rangeLu) => {
    expect(Math.abs((loudnessOf(signal)?.rangeLu ?? 0) - rangeLu)).toBeLessThanOrEqual(1);
  });

  test('of mono is as of the same from two loudspeakers', () => {
    expect(loudnessOf([[5, -20]], 1)).toEqual(loudnessOf([[5, -20]], 2));
  });

  test.each<[string, Signal]>([
    ['silence', [[10, Number.NEGATIVE_INFINITY]]],
    ['what is below the gate', [[10, -75]]],
    ['nothing', []],
    ['less than one block', [[0.3, -10]]],
  ])('is null for %s', (_name, signal) => {
    expect(loudnessOf(signal)).toBeNull();
  });

  test('goes on after what is no number', () => {
    const meter = new LoudnessMeter(1, 48000);
    meter.push(Float32Array.from([0.5, Number.NaN, Number.POSITIVE_INFINITY]));
    meter.push(Float32Array.from({ length: 480_000 }, (_, at) => Math.sin(at / 8)));
    expect(meter.finish()?.integratedLufs).toBeLessThan(5);
  });
});

describe('the meter', () => {
  const pcm = (values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
  const measure = (channels: number, values: readonly number[], pieceBytes = 100_000): Meter => {
    const meter = new Meter(channels, 48000);
    const bytes = pcm(values);
    for (let at = 0; at < bytes.length; at += pieceBytes) meter.push(bytes.subarray(at, at + pieceBytes));
    return meter;
  };

  test.each([1, 3, 5, 100])('counts samples and clipping in pieces of %d bytes', (pieceBytes) => {
    const meter = measure(2, [0, 32767 / 32768, -1, 0.1, -1.5, 0.2], pieceBytes);
    expect(meter.finish().peaks).toEqual([255]);
    expect(meter.sampleCount).toBe(3);
    expect(meter.clippedSampleCount).toBe(3);
  });

  test('gives 1,000 peaks however long the music is', () => {
    const { peaks } = measure(
      1,
      Array.from({ length: 400_000 }, (_, index) => (index < 200_000 ? 0.5 : -0.0001)),
    ).finish();
    expect(peaks).toHaveLength(1000);
    expect(peaks.slice(0, 499).every((peak) => peak === 128)).toBe(true);
    expect(peaks.slice(501).every((peak) => peak === 0)).toBe(true);
  });

  test.each([
    ['on samples', 0, 0],
    ['between samples', Math.PI / 4, 0],
  ])('finds a true peak that lies %s', (_name, phase, expectedDbtp) => {
    // A quarter of the sample rate: shifted by 45 degrees no sample is above -3.01 dBFS. Faded against ringing.
    const fade = (index: number): number => Math.min(1, index / 500, (4000 - index) / 500);
    const tone = Array.from(
      { length: 4000 },
      (_, index) => fade(index) * Math.sin((Math.PI / 2) * index + phase),
    );
    const meter = measure(
      2,
      tone.flatMap((value) => [0.01, value]),
      1000,
    );
    meter.finish();
    expect(Math.abs(meter.truePeakDbtp - expectedDbtp)).toBeLessThan(0.3);
  });

  test('finds a peak at the very end', () => {
    const meter = measure(1, [...Array.from({ length: 777 }, () => 0), 0.5]);
    meter.finish();
    expect(meter.truePeakDbtp).toBeCloseTo(20 * Math.log10(0.5), 1);
  });

  test('of nothing is empty', () => {
    expect(new Meter(2, 48000).finish()).toEqual({ peaks: [] });
  });
});

describe('dominant colours', () => {
  const pixels = (...groups: readonly (readonly [number, number, number, number])[]): Buffer =>
    Buffer.from(groups.flatMap(([count, ...rgb]) => Array.from({ length: count }, () => rgb).flat()));

  test('are the most present and the most present that differs', () => {
    expect(dominantColours(pixels([10, 200, 0, 0], [6, 210, 10, 0], [3, 0, 0, 250]), 3)).toEqual([
      '#c80000',
      '#0000fa',
    ]);
  });

  test('of one colour come with a lighter or darker one', () => {
    expect(dominantColours(pixels([4, 0, 0, 0]), 3)).toEqual(['#000000', '#595959']);
    expect(dominantColours(pixels([4, 255, 255, 255]), 3)).toEqual(['#ffffff', '#a6a6a6']);
  });

  test('of grey pixels', () => {
    expect(dominantColours(Buffer.from([128, 128, 0]), 1)).toEqual(['#808080', '#000000']);
  });
});
