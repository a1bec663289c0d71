import { decode } from '@tsndr/cloudflare-worker-jwt';
import { describe, expect, it } from 'vitest';
import type { MediaClaims } from '../../src/features/media/claims.ts';
import { apiWith, PRODUCTION, read, textOf } from '../support/api.ts';
import { inTwoPieces } from '../support/crafted-answer.ts';
import { StagedTranscoder } from '../support/crafted-transcoder.ts';
import { type Installation, install } from '../support/installation.ts';
import { expectProblem } from '../support/refusals.ts';
import { eventually, type Recording } from '../support/state.ts';

interface Grant {
  url: string;
  losslessUrl?: string;
  expiresAt: string;
  durationSeconds: number | null;
  loudness: { integratedLufs: number } | null;
  waveformUrl: string | null;
}

function claimsIn(url: string): MediaClaims {
  const payload = decode<MediaClaims>(url.split('/')[2] ?? '').payload;
  if (payload === undefined) throw new Error('the address holds no token');
  return payload as MediaClaims;
}

async function readyTrack(): Promise<
  Installation & { recording: Recording; grant(wish?: object): Promise<Grant> }
> {
  const melro = await install();
  const recording = await melro.upload();
  await melro.queue.drain(melro.bindings);
  const grant = async (wish: object = {}) =>
    read<Grant>(await melro.api('/api/v1/playback', { json: { trackId: recording.trackId, ...wish } }));
  return { ...melro, recording, grant };
}

describe('a grant for a published track', () => {
  it('is for everyone, tells how it sounds, and is not to be stored', async () => {
    const { bindings, recording } = await readyTrack();
    const stranger = apiWith({ ...bindings, ...PRODUCTION });
    const answer = await stranger('/api/v1/playback', { json: { trackId: recording.trackId } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const grant = await read<Grant>(answer);
    expect(grant).toMatchObject({ durationSeconds: 20, loudness: { integratedLufs: -14 } });
    expect(grant.losslessUrl).toBeUndefined();
    expect(claimsIn(grant.url)).toMatchObject({
      trk: recording.trackId,
      ses: 'guest',
      live: 0,
      lossless: 0,
      max: 320,
    });
    expect(await textOf(await stranger(grant.url))).toContain('64/playlist.m3u8');
    expect((await stranger(grant.waveformUrl ?? 'none')).status).toBe(200);
  });

  it.each([
    [64, 64, 'master-64.m3u8'],
    [127, 64, 'master-64.m3u8'],
    [128, 128, 'master-128.m3u8'],
    [300, 192, 'master-192.m3u8'],
    [320, 320, 'master.m3u8'],
    [9999, 320, 'master.m3u8'],
  ])(
    'for at most %i kbit/s is capped at %i, in its address and in its token',
    async (maxBitrateKbps, max, master) => {
      const { grant } = await sharedTrack;
      const { url } = await grant({ maxBitrateKbps });
      expect(url.endsWith(`/${master}`)).toBe(true);
      expect(claimsIn(url).max).toBe(max);
    },
  );

  it('opens lossless where it was asked for', async () => {
    const { grant, api } = await sharedTrack;
    const { losslessUrl = '', url } = await grant({ lossless: true, maxBitrateKbps: 64 });
    expect(losslessUrl).toMatch(/\/lossless\.m3u8$/);
    expect(claimsIn(url)).toMatchObject({ lossless: 1, max: 64 });
    expect((await api(losslessUrl)).status).toBe(200);
    expect((await api(losslessUrl.replace('lossless.m3u8', 'lossless/0.m4s'))).status).toBe(200);
    expect((await api(url.replace('master-64.m3u8', '320/0.m4s'))).status).toBe(403);
  });

  it('asked for twice in a row is the same address, which browsers then have in their cache', async () => {
    const { grant } = await sharedTrack;
    const [first, second] = [await grant(), await grant()];
    expect(second.url).toBe(first.url);
    expect(Date.parse(first.expiresAt)).toBeGreaterThan(Date.now() + 3600_000 - 5000);
  });

  it('is refused for less than the lowest rendition', async () => {
    const { api, recording } = await sharedTrack;
    const response = await api('/api/v1/playback', {
      json: { trackId: recording.trackId, maxBitrateKbps: 32 },
    });
    await expectProblem(response, 400, 'validation_failed');
  });
});

const sharedTrack = readyTrack();

describe('a track that is still being made', () => {
  it('plays for its owner as soon as it has its first segments, and is hidden from everyone else', async () => {
    const staged = new StagedTranscoder(await inTwoPieces());
    const { api, bindings, queue, upload } = await install(staged.answer);
    const stranger = apiWith({ ...bindings, ...PRODUCTION });
    const { trackId } = await upload();
    const json = { trackId };
    await expectProblem(await api('/api/v1/playback', { as: 'alice', json }), 409, 'track_not_playable');
    const running = queue.drain(bindings);
    await staged.jobs(1);
    staged.release(0, 1);
    const grant = await eventually(async () => {
      const answer = await api('/api/v1/playback', { as: 'alice', json });
      expect(answer.status).toBe(200);
      return read<Grant>(answer);
    });
    expect(claimsIn(grant.url)).toMatchObject({ live: 1, ses: 'alice' });
    expect(grant).toMatchObject({ durationSeconds: null, loudness: null, waveformUrl: null });
    const growing = await api(grant.url.replace('master.m3u8', '64/playlist.m3u8'));
    expect(growing.headers.get('cache-control')).toBe('no-store');
    expect(await textOf(growing)).toContain('growing');

    await expectProblem(await api('/api/v1/playback', { as: 'bob', json }), 404, 'not_found');
    await expectProblem(await stranger('/api/v1/playback', { json }), 404, 'not_found');
    const seen = await read<{ playable: boolean; state: string; progress: number }>(
      await api(`/api/v1/tracks/${trackId}`, { as: 'alice' }),
    );
    expect(seen).toMatchObject({ playable: true, state: 'transcoding' });

    staged.release(0);
    await running;
    expect((await stranger('/api/v1/playback', { json })).status).toBe(200);
    // The address that was given out for the preview goes on playing: it is the version that was published.
    expect(await textOf(await api(grant.url.replace('master.m3u8', '64/playlist.m3u8')))).toContain(
      '#EXT-X-ENDLIST',
    );
  });

  it('that does not exist is told apart from a hidden one by nobody', async () => {
    const { api, upload } = await install();
    const { trackId } = await upload();
    const hidden = await (await api('/api/v1/playback', { as: 'bob', json: { trackId } })).json();
    const missing = await (
      await api('/api/v1/playback', {
        as: 'bob',
        json: { trackId: trackId.replace(/.$/, (c) => (c === '0' ? '1' : '0')) },
      })
    ).json();
    expect({ ...(hidden as object), requestId: '' }).toEqual({ ...(missing as object), requestId: '' });
  });
});
