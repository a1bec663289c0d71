import { describe, expect, test } from 'vitest';
import { coverArguments, type EncodePlan, encodeArguments, probeArguments } from './ffmpeg-arguments.ts';

const plan: EncodePlan = {
  target: { sampleRateHz: 44_100, channels: 2, losslessBits: 16 },
  audioStreamIndex: 0,
  resample: false,
  downmix: false,
  maxDecodedSeconds: 10_802,
};
const graph = (args: readonly string[]): string => args[args.indexOf('-filter_complex') + 1] ?? '';

test.each([
  ['probe', probeArguments()],
  ['cover', coverArguments(1)],
  ['encode', encodeArguments(plan, ['meter', 'lossless', '64'])],
])('%s opens only the source, only as audio files are opened', (_name, args) => {
  const input = args.indexOf('-i');
  expect(args[input + 1]).toBe('file:source');
  for (const [option, value] of [
    ['-protocol_whitelist', 'file,pipe'],
    ['-format_whitelist', 'mp3,flac,wav,w64,aiff,mov,ogg'],
  ] as const) {
    const at = args.indexOf(option);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(at).toBeLessThan(input);
    expect(args[at + 1]).toBe(value);
  }
});

describe('filters', () => {
  test('leave matching samples alone', () => {
    const filters = graph(encodeArguments(plan, ['meter', 'lossless', '64', '128']));
    expect(filters).not.toContain('aresample');
    expect(filters).not.toContain('sample_fmts');
  });

  test('resample and mix down where needed', () => {
    const filters = graph(encodeArguments({ ...plan, resample: true, downmix: true }, ['meter']));
    expect(filters).toContain('aresample=44100');
    expect(filters).toContain('channel_layouts=stereo');
  });
});
