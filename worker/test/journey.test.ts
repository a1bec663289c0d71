import { exports } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import { api, ORIGIN, read, textOf } from './support/api.ts';
import { wavFile } from './support/audio.ts';
import { uploadWhole } from './support/uploading.ts';

interface TrackAnswer {
  state: string;
  title: string;
  durationSeconds: number | null;
  waveformUrl: string | null;
  failure: { code: string; detail: string } | null;
}

/** Waits until the queue's own consumer has ended the track's transcode. */
async function ended(trackId: string): Promise<TrackAnswer> {
  return await vi.waitFor(
    async () => {
      const track = await read<TrackAnswer>(await api(`/api/v1/tracks/${trackId}`, { as: 'alice' }));
      expect(['ready', 'failed']).toContain(track.state);
      return track;
    },
    { timeout: 18_000, interval: 100 },
  );
}

it('brings a file through the queue and the real transcoder to playback', async () => {
  const { trackId } = await uploadWhole(api, 'alice', wavFile(5));
  const track = await ended(trackId);
  expect(track).toMatchObject({ state: 'ready', title: 'First light', durationSeconds: 5, failure: null });

  const grant = await read<{ url: string; losslessUrl: string }>(
    await api('/api/v1/playback', { json: { trackId, lossless: true } }),
  );
  const master = await textOf(await exports.default.fetch(ORIGIN + grant.url));
  expect(master).toContain('CODECS="mp4a.40.2"');
  const lossless = await textOf(await exports.default.fetch(ORIGIN + grant.losslessUrl));
  expect(lossless).toContain('fLaC');
  const media = await textOf(
    await exports.default.fetch(ORIGIN + grant.url.replace('master.m3u8', '128/playlist.m3u8')),
  );
  const lengths = [...media.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
  expect(lengths.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(5, 3);
  expect(media).toContain('#EXT-X-ENDLIST');
  for (const name of ['init.mp4', ...media.split('\n').filter((line) => line.endsWith('.m4s'))]) {
    const segment = await exports.default.fetch(
      `${ORIGIN}${grant.url.replace('master.m3u8', `128/${name}`)}`,
    );
    expect(segment.status, name).toBe(200);
    expect((await segment.arrayBuffer()).byteLength, name).toBeGreaterThan(100);
  }
  const waveform = await read<{ peaks: number[] }>(await api(track.waveformUrl ?? 'none'));
  expect(Math.max(...waveform.peaks)).toBeGreaterThan(80);
});

it('ends bytes that only begin like a recording as failed, with a sentence', async () => {
  const bytes = wavFile(1);
  bytes.fill(0, 12);
  const { trackId } = await uploadWhole(api, 'alice', bytes);
  const track = await ended(trackId);
  expect(track.state).toBe('failed');
  expect(['corrupt', 'unsupported_format']).toContain(track.failure?.code);
  expect(track.failure?.detail).toMatch(/^[A-Z].*\.$/);
});
