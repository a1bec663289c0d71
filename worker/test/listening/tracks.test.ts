import { describe, expect, it, vi } from 'vitest';
import { apiWith, PRODUCTION, read } from '../support/api.ts';
import { inTwoPieces } from '../support/crafted-answer.ts';
import { StagedTranscoder } from '../support/crafted-transcoder.ts';
import { install } from '../support/installation.ts';
import { expectProblem } from '../support/refusals.ts';

interface TrackAnswer {
  trackId: string;
  title: string;
  artist: string | null;
  state: string;
  progress: number | null;
  artworkUrl: string | null;
  artwork: { url64: string; colours: string[] } | null;
  waveformUrl: string | null;
}
interface Page {
  items: TrackAnswer[];
  nextCursor: string | null;
}

/** Reads Server-Sent Events until the stream ends and returns the tracks they carried. */
async function tracksOf(response: Response): Promise<TrackAnswer[]> {
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('event: track\n'))
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)));
}

describe('the events of a track', () => {
  it('tell every state in order, progress never falling, and end when it is ready', async () => {
    const staged = new StagedTranscoder(await inTwoPieces());
    const { api, bindings, queue, upload } = await install(staged.answer);
    const { trackId } = await upload();
    const watching = api(`/api/v1/tracks/${trackId}/events`, { as: 'alice' }).then(tracksOf);
    const running = queue.drain(bindings);
    await staged.jobs(1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    staged.release(0, 1);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    staged.release(0);
    await running;
    const seen = await watching;
    const states = seen.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1]);
    expect(['queued,transcoding,ready', 'transcoding,ready']).toContain(states.join());
    const progress = seen.flatMap((track) => track.progress ?? []);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress).toContain(0.5);
    expect(seen.at(-1)).toMatchObject({ state: 'ready', title: 'Crafted', progress: null });
    expect(new Set(seen.map((track) => JSON.stringify(track))).size, 'nothing is said twice').toBe(
      seen.length,
    );
  });

  it('of a track that is ready are one event', async () => {
    const { api, bindings, queue, upload } = await install();
    const { trackId } = await upload();
    await queue.drain(bindings);
    const seen = await tracksOf(await api(`/api/v1/tracks/${trackId}/events`));
    expect(seen.map(({ state }) => state)).toEqual(['ready']);
  });

  it('end when the upload is cancelled and its track is gone', async () => {
    const { api } = await install();
    const opened = await api('/api/v1/uploads', { as: 'alice', json: { fileName: 'a.wav', sizeBytes: 9 } });
    const { uploadId, trackId } = await read<{ uploadId: string; trackId: string }>(opened);
    const watching = api(`/api/v1/tracks/${trackId}/events`, { as: 'alice' }).then(tracksOf);
    await vi.waitFor(() => api(`/api/v1/uploads/${uploadId}`, { method: 'DELETE', as: 'alice' }));
    expect((await watching).map(({ state }) => state)).toEqual(['uploading']);
  });
});

describe('a published track', () => {
  it('shows its tags, its cover and its waveform to everyone, for ever', async () => {
    const { bindings, queue, upload } = await install();
    const { trackId } = await upload();
    await queue.drain(bindings);
    const stranger = apiWith({ ...bindings, ...PRODUCTION });
    const track = await read<TrackAnswer>(await stranger(`/api/v1/tracks/${trackId}`));
    expect(track).toMatchObject({
      title: 'Crafted',
      artist: 'Nobody',
      state: 'ready',
      artwork: { colours: ['#101010', '#ff7a59'] },
    });
    for (const [url, type] of [
      [track.waveformUrl, 'application/json'],
      [track.artwork?.url64, 'image/webp'],
    ]) {
      const asset = await stranger(url ?? 'none');
      expect(asset.status).toBe(200);
      expect(asset.headers.get('content-type')).toBe(type);
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
    }
    await expectProblem(await stranger(`/api/v1/tracks/${trackId}/artwork/640`), 404, 'not_found');
    await expectProblem(await stranger(`/api/v1/tracks/${trackId}/artwork/65`), 400, 'validation_failed');
  });

  it('is listed for everyone, in pages that neither repeat nor miss one, however small', async () => {
    const { api, bindings, queue, upload } = await install();
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await upload()).trackId);
    const hidden = (await upload()).trackId;
    queue.messages.pop();
    await queue.drain(bindings);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await read<Page>(await api(`/api/v1/tracks?limit=2${cursor}`, { as: 'bob' }));
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ trackId }) => trackId));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '' && !seen.includes(made.at(-1) ?? ''));
    expect(seen.slice(0, 5)).toEqual(made);
    expect(seen).not.toContain(hidden);
    const mine = await read<Page>(await api('/api/v1/me/tracks?limit=1', { as: 'alice' }));
    expect(mine.items.map(({ trackId, state }) => ({ trackId, state }))).toEqual([
      { trackId: hidden, state: 'queued' },
    ]);
    const bobs = await read<Page>(await api('/api/v1/me/tracks?limit=100', { as: 'bob' }));
    expect(bobs.items.map(({ trackId }) => trackId)).not.toContain(hidden);
  });
});

describe('a track that is not published', () => {
  it('has neither cover nor waveform, not even for its owner', async () => {
    const { api, upload } = await install();
    const { trackId } = await upload();
    for (const path of ['waveform', 'artwork/64']) {
      await expectProblem(await api(`/api/v1/tracks/${trackId}/${path}`, { as: 'alice' }), 404, 'not_found');
    }
  });
});
