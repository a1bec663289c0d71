import { describe, expect, test } from 'vitest';
import { dominantColours } from './dominant-colours.ts';
import { parseLoudness } from './loudness.ts';
import { Meter } from './waveform.ts';

const summary = (integrated: string, peak: string): string => `[Parsed_ebur128_5 @ 0x1] Summary:

  Integrated loudness:
    I:         ${integrated} LUFS
    Threshold: -28.0 LUFS

  Loudness range:
    LRA:         7.8 LU
    Threshold: -38.0 LUFS
    LRA low:   -23.5 LUFS
    LRA high:  -15.7 LUFS

  True peak:
    Peak:       ${peak} dBFS
`;

describe('loudness', () => {
  test('is read from the last summary', () => {
    // A title may pretend to be one.
    expect(
      parseLoudness(`title: ${summary('-1.0', '0.0')}\n${summary('-17.8', '-2.6')}[aac] Qavg: 159`),
    ).toEqual({
      integratedLufs: -17.8,
      rangeLu: 7.8,
      truePeakDbtp: -2.6,
    });
  });

  test.each([
    ['silence', summary('-70.0', '-inf')],
    ['too quiet for the gate', summary('-70.0', '-80.2')],
    ['nothing measured', summary('nan', 'nan')],
    ['no summary', 'frame= 1'],
  ])('is null for %s', (_name, log) => {
    expect(parseLoudness(log)).toBeNull();
  });
});

describe('the meter', () => {
  const pcm = (...values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 2);
    for (const [index, value] of values.entries()) bytes.writeInt16LE(value, index * 2);
    return bytes;
  };

  test('counts samples and clipping in pieces of any size', () => {
    const bytes = pcm(0, 32767, -32768, 100, -32767, 5);
    for (const pieceBytes of [1, 3, 5, 100]) {
      const meter = new Meter(2);
      for (let at = 0; at < bytes.length; at += pieceBytes) meter.push(bytes.subarray(at, at + pieceBytes));
      expect(meter.sampleCount).toBe(3);
      expect(meter.clippedSampleCount).toBe(3);
      expect(meter.finish().peaks).toEqual([255]);
    }
  });

  test('gives 1,000 peaks however long the music is', () => {
    const meter = new Meter(1);
    for (let second = 0; second < 400; second += 1) {
      meter.push(pcm(...Array.from({ length: 1000 }, () => (second < 200 ? 16_384 : -1))));
    }
    const { peaks } = meter.finish();
    expect(peaks).toHaveLength(1000);
    expect(peaks.slice(0, 499).every((peak) => peak === 128)).toBe(true);
    expect(peaks.slice(501).every((peak) => peak === 0)).toBe(true);
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
