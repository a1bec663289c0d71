import { describe, expect, it } from 'vitest';
import type { StudioTrack } from '../studio-api.ts';
import { trackStatus } from './track-status.ts';

const ready = {
  state: 'ready',
  progress: null,
  failure: null,
  playable: true,
  replacement: null,
} as unknown as StudioTrack;

const sending = { state: 'sending', sentBytes: 250, problem: null, file: { size: 1000 } } as const;

describe('what is said of a track', () => {
  it('is nothing where it is ready', () => {
    expect(trackStatus(ready, undefined)).toBeNull();
  });

  it('is how much of its file has arrived, while this window uploads it', () => {
    const track = { ...ready, state: 'uploading' } as StudioTrack;
    expect(trackStatus(track, sending)).toEqual({
      words: 'Uploading · 25 % of 1 kB',
      tone: 'busy',
      progress: 0.25,
    });
  });

  it('is how far it is transcoded, and that one can listen along', () => {
    const track = { ...ready, state: 'transcoding', progress: 0.5 } as StudioTrack;
    expect(trackStatus(track, undefined)?.words).toBe('Transcoding · 50 % · you can already listen');
  });

  it('is why its file cannot be used', () => {
    const track = { ...ready, state: 'failed', failure: { code: 'no_audio', detail: 'There is no sound.' } };
    expect(trackStatus(track as StudioTrack, undefined)).toEqual({
      words: 'There is no sound.',
      tone: 'failed',
    });
  });

  it('is about the new file while the old one plays', () => {
    const replacement = { state: 'transcoding', fileName: 'b.wav', progress: 0.1, failure: null } as const;
    expect(trackStatus({ ...ready, replacement }, undefined)?.words).toBe('New file: transcoding · 10 %');
    expect(trackStatus({ ...ready, replacement }, sending)?.words).toBe('New file: uploading · 25 % of 1 kB');
  });

  it('says that the old file plays on where the new one is no good', () => {
    const failure = { code: 'no_audio', detail: 'There is no sound.' };
    const replacement = { state: 'failed', fileName: 'b.wav', progress: null, failure } as const;
    const status = trackStatus({ ...ready, replacement }, undefined);
    expect(status?.words).toBe('The new file could not be used. There is no sound. The old one plays on.');
    expect(status?.tone).toBe('failed');
  });
});
