import { describe, expect, test } from 'vitest';
import { dominantColours } from './dominant-colours.ts';
import { parseLoudness } from './loudness.ts';
import { Meter } from './meter.ts';

const summary = (integrated: string): string => `[Parsed_ebur128_5 @ 0x1] Summary:

  Integrated loudness:
    I:         ${integrated} LUFS
    Threshold: -28.0 LUFS

  Loudness range:
    LRA:         7.8 LU
    Threshold: -38.0 LUFS
    LRA low:   -23.5 LUFS
    LRA high:  -15.7 LUFS
`;

describe('loudness', () => {
  test('is read from the last summary', () => {
    // A title may pretend to be one.
    expect(parseLoudness(`title: ${summary('-1.0')}\n${summary('-17.8')}[aac] Qavg: 159`)).toEqual({
      integratedLufs: -17.8,
      rangeLu: 7.8,
    });
  });

  test.each([
    ['silence', summary('-70.0')],
    ['nothing measured', summary('nan')],
    ['no summary', 'frame= 1'],
  ])('is null for %s', (_name, log) => {
    expect(parseLoudness(log)).toBeNull();
  });
});

describe('the meter', () => {
  const pcm = (values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
  const measure = (channels: number, values: readonly number[], pieceBytes = 100_000): Meter => {
    const meter = new Meter(channels);
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
    expect(new Meter(2).finish()).toEqual({ peaks: [] });
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
