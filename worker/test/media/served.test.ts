import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { hlsKey } from '../../src/platform/r2-keys.ts';
import { textOf } from '../support/api.ts';
import { PLAYLIST, publishVersion, SEGMENT } from '../support/media.ts';
import { expectProblem } from '../support/refusals.ts';

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

/** One segment through a gateway that has never seen it. */
async function segment() {
  const published = await publishVersion();
  const token = await published.token();
  const ask = (headers: Record<string, string> = {}, method = 'GET') =>
    published.ask('128/0.m4s', token, { headers, method });
  return { ...published, token, askSegment: ask };
}

describe('a segment', () => {
  it('comes whole, for ever, for any site', async () => {
    const { askSegment } = await segment();
    const response = await askSegment();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/mp4',
      'content-length': '1000',
      'cache-control': 'public, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^".+"$/),
    });
    expect(response.headers.get('access-control-expose-headers')).toContain('Content-Range');
    expect(await bytesOf(response)).toEqual(SEGMENT);
  });

  it('asked for a second time comes from the cache, although another token asks', async () => {
    const { ask, token, calls } = await publishVersion();
    const first = await ask('128/0.m4s', await token());
    expect(first.headers.get('cache-status')).toBe('melro; fwd=miss');
    await first.arrayBuffer();
    expect(calls).toHaveLength(1);
    const second = await ask('128/0.m4s', await token());
    expect(second.headers.get('cache-status')).toBe('melro; hit');
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await bytesOf(second)).toEqual(SEGMENT);
    expect(calls, 'R2 was asked once').toHaveLength(1);
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=0-499', 0, 499],
    ['bytes=500-', 500, 999],
    ['bytes=-1', 999, 999],
    ['bytes=-5000', 0, 999],
    ['bytes=990-5000', 990, 999],
  ])('gives the range %s, from the bucket and from the cache', async (range, start, end) => {
    const { askSegment } = await segment();
    for (const source of ['miss', 'hit']) {
      const response = await askSegment({ range });
      expect(response.status).toBe(206);
      expect(response.headers.get('cache-status')).toContain(source);
      expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/1000`);
      expect(response.headers.get('content-length')).toBe(String(end - start + 1));
      expect(await bytesOf(response)).toEqual(SEGMENT.slice(start, end + 1));
    }
  });

  it.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])(
    'refuses the range %s and says how long it is',
    async (range) => {
      const { askSegment } = await segment();
      const response = await askSegment({ range });
      expect(response.headers.get('content-range')).toBe('bytes */1000');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      await expectProblem(response, 416, 'range_not_satisfiable');
    },
  );

  it.each(['bytes=5-1', 'bytes=0-1,5-9', 'items=0-1', 'bytes=-', 'bytes=a-b'])(
    'comes whole for %s, which is no range',
    async (range) => {
      const { askSegment } = await segment();
      const response = await askSegment({ range });
      expect(response.status).toBe(200);
      expect(await bytesOf(response)).toEqual(SEGMENT);
    },
  );

  it('gives a range only of the object that If-Range names', async () => {
    const { askSegment } = await segment();
    const etag = (await askSegment()).headers.get('etag') ?? '';
    expect((await askSegment({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    for (const stale of ['"another"', `W/${etag}`, 'Wed, 21 Oct 2015 07:28:00 GMT']) {
      const whole = await askSegment({ range: 'bytes=0-9', 'if-range': stale });
      expect(whole.status, stale).toBe(200);
      expect(await bytesOf(whole)).toEqual(SEGMENT);
    }
  });

  it('is not sent again to who has it', async () => {
    const { askSegment } = await segment();
    const etag = (await askSegment()).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"another", ${etag}`, '*']) {
      const response = await askSegment({ 'if-none-match': known, range: 'bytes=5000-' });
      expect(response.status, known).toBe(304);
      expect((await bytesOf(response)).length).toBe(0);
      expect(response.headers.get('etag')).toBe(etag);
    }
    expect((await askSegment({ 'if-none-match': '"another"' })).status).toBe(200);
  });

  it('shows its headers without its body to HEAD', async () => {
    const { askSegment } = await segment();
    for (const source of ['miss', 'hit']) {
      const response = await askSegment({}, 'HEAD');
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-status')).toContain(source);
      expect(response.headers.get('content-length')).toBe('1000');
      expect((await bytesOf(response)).length).toBe(0);
    }
  });

  it('that is not there is not found, and that is remembered nowhere', async () => {
    const { ask, token, trackId, version } = await segment();
    const missing = await ask('128/7.m4s', token);
    expect(missing.headers.get('access-control-allow-origin')).toBe('*');
    await expectProblem(missing, 404, 'not_found');
    await env.MEDIA.put(hlsKey(trackId, version, '128/7.m4s'), SEGMENT);
    expect((await ask('128/7.m4s', token)).status).toBe(200);
  });
});

describe('a refusal', () => {
  it('is remembered nowhere: the same address opens once the token is right', async () => {
    const { ask, token, calls } = await segment();
    expect((await ask('128/0.m4s', 'wrong')).status).toBe(403);
    expect((await ask('128/0.m4s', token)).headers.get('cache-status')).toBe('melro; fwd=miss');
    expect((await ask('128/0.m4s', 'wrong')).status, 'also when the segment is in the cache').toBe(403);
    expect(calls).toHaveLength(1);
  });
});

describe('a playlist', () => {
  it('of a finished version is cached like a segment', async () => {
    const { ask, token, calls } = await segment();
    for (const source of ['miss', 'hit']) {
      const response = await ask('master.m3u8', token);
      expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(response.headers.get('cache-status')).toContain(source);
      expect(await textOf(response)).toBe(PLAYLIST);
    }
    expect(calls).toHaveLength(1);
  });

  it('of a version that is still written is never cached, and grows', async () => {
    const { ask, token, trackId, version } = await publishVersion();
    const live = await token({ live: 1 });
    const key = hlsKey(trackId, version, '128/playlist.m3u8');
    for (const text of ['#EXTM3U\n0.m4s\n', '#EXTM3U\n0.m4s\n1.m4s\n']) {
      await env.MEDIA.put(key, text, { httpMetadata: { contentType: 'application/vnd.apple.mpegurl' } });
      const response = await ask('128/playlist.m3u8', live);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('cache-status')).toBe('melro; fwd=miss');
      expect(await textOf(response)).toBe(text);
    }
    const finished = await ask('128/playlist.m3u8', await token());
    expect(finished.headers.get('cache-status'), 'what was live left nothing behind').toBe('melro; fwd=miss');
  });

  it('of a version that is still written is shown fresh, also where a finished listener has cached it', async () => {
    const { ask, token, trackId, version } = await publishVersion();
    await (await ask('128/playlist.m3u8', await token())).arrayBuffer();
    await env.MEDIA.put(hlsKey(trackId, version, '128/playlist.m3u8'), 'newer');
    expect(await textOf(await ask('128/playlist.m3u8', await token({ live: 1 })))).toBe('newer');
  });

  it('of a live version lets its segments be cached: those never change', async () => {
    const { ask, token } = await publishVersion();
    await (await ask('128/0.m4s', await token({ live: 1 }))).arrayBuffer();
    expect((await ask('128/0.m4s', await token())).headers.get('cache-status')).toBe('melro; hit');
  });
});

describe('a browser on another site', () => {
  it('may ask for ranges', async () => {
    const { ask, token } = await segment();
    const headers = {
      origin: 'https://elsewhere.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'range',
    };
    const response = await ask('128/0.m4s', token, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('range');
    expect(response.headers.get('access-control-allow-methods')).toContain('GET');
  });
});
