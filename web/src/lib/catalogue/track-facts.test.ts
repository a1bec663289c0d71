import { describe, expect, it } from 'vitest';
import { makeTrack } from '$lib/testing/make-track.ts';
import { codecName, stateSentence, trackFacts } from './track-facts.ts';

const LOSSLESS = {
  codec: 'flac',
  sampleRateHz: 96_000,
  bitsPerSample: 24,
  bitrateKbps: 2400,
  lossless: true,
};
const LOSSY = { codec: 'mp3', sampleRateHz: 44_100, bitsPerSample: 32, bitrateKbps: 319.8, lossless: false };

function original(source: typeof LOSSLESS): string | undefined {
  return trackFacts(makeTrack({ source })).find(({ name }) => name === 'Original')?.value;
}

describe('trackFacts', () => {
  it('names rate and bits of a lossless original', () => {
    expect(original(LOSSLESS)).toBe('FLAC · 96 kHz · 24 bit');
  });

  it('names rate and bitrate of a lossy original', () => {
    expect(original(LOSSY)).toBe('MP3 · 44.1 kHz · 320 kbit/s');
  });

  it('leaves out what is not known', () => {
    expect(trackFacts(makeTrack({ durationSeconds: null }))).toEqual([]);
  });
});

describe('codecName', () => {
  it.each([
    ['pcm_s24le', 'PCM'],
    ['alac', 'Apple Lossless'],
    ['wavpack', 'WAVPACK'],
  ])('calls %s %s', (codec, name) => {
    expect(codecName(codec)).toBe(name);
  });
});

describe('stateSentence', () => {
  it('says how far the transcode is', () => {
    expect(stateSentence(makeTrack({ state: 'transcoding', progress: 0.424 }))).toBe('Transcoding, 42 %');
  });

  it("says the API's own sentence about a failure", () => {
    const failure = { code: 'truncated', detail: 'The file is incomplete: its end is missing.' };
    expect(stateSentence(makeTrack({ state: 'failed', failure }))).toBe(failure.detail);
  });
});
