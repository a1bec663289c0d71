import { describe, expect, it, vi } from 'vitest';
import { signMediaToken } from '../../src/features/media/token.ts';
import { apiWith, bindingsWith } from '../support/api.ts';
import { MEDIA_KEYS, TOKENS } from '../support/people.ts';

const api = apiWith(bindingsWith({ LOG_LEVEL: 'info' }));

/** Runs calls and returns every line that was written meanwhile. */
async function linesOf(run: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, name).mockImplementation((...args) => void lines.push(args.map(String).join(' ')));
  }
  await run();
  return lines;
}

describe('the log', () => {
  it('has one line of JSON for a request, with its route and not its address', async () => {
    const lines = await linesOf(() =>
      api('/api/v1/tracks/trk_00000000000000000000000000?secret=1', {
        as: 'alice',
        headers: { 'cf-ray': 'ray-1' },
      }),
    );
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      event: 'request',
      method: 'GET',
      route: '/api/v1/tracks/:trackId',
      status: 404,
      durationMs: expect.any(Number),
      requestId: expect.stringMatching(/^req_/),
      ray: 'ray-1',
      principal: 'alice',
    });
  });

  it('never holds a token, whatever is asked with it and however it ends', async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      trk: 'trk_a',
      ver: 'ver_a',
      max: 320,
      lossless: 1,
      live: 0,
      ses: 's',
      iat: now,
      exp: now + 60,
    } as const;
    const media = await signMediaToken(claims, MEDIA_KEYS);
    const broken = apiWith(
      bindingsWith({
        LOG_LEVEL: 'info',
        MEDIA: { get: async (key: string) => Promise.reject(new Error(`no ${key}`)) } as unknown as R2Bucket,
      }),
    );
    const lines = await linesOf(async () => {
      for (const [path, method] of [
        [`/media/${media}/trk_a/ver_a/master.m3u8`, 'GET'],
        [`/media/${media}/trk_b/ver_a/master.m3u8`, 'GET'],
        [`/media/${media}/trk_a`, 'GET'],
        [`/media/${media}/trk_a/ver_a/master.m3u8`, 'OPTIONS'],
        [`/api/v1/tracks/${media}`, 'GET'],
        [`/nothing/${media}`, 'GET'],
      ] as const) {
        await api(path, { method, as: 'alice' });
        await broken(path, { method, headers: { authorization: `Bearer ${TOKENS.olga}x` } });
      }
      await api('/api/v1/uploads', {
        method: 'POST',
        as: 'bob',
        body: TOKENS.bob,
        headers: { 'content-type': 'application/json' },
      });
    });
    expect(lines.length).toBeGreaterThan(12);
    const signature = media.slice(media.lastIndexOf('.') + 1);
    for (const secret of [media, signature, ...Object.values(TOKENS)]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('says nothing of requests when it is silent', async () => {
    const silent = apiWith(bindingsWith({ LOG_LEVEL: 'silent' }));
    expect(await linesOf(() => silent('/healthz'))).toEqual([]);
  });
});
