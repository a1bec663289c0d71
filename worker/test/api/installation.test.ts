import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { apiWith, bindingsWith, PRODUCTION, read } from '../support/api.ts';
import { transcodedBy } from '../support/crafted-transcoder.ts';

const broken = {
  prepare: () => {
    throw new Error('no database');
  },
} as unknown as D1Database;
const brokenBucket = { head: async () => Promise.reject(new Error('no bucket')) } as unknown as R2Bucket;

describe('/readyz', () => {
  it('says ready when the database, the bucket and the real transcoder answer', async () => {
    const answer = await apiWith(bindingsWith({}))('/readyz');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      status: 'ready',
      parts: { database: 'ok', bucket: 'ok', transcoder: 'ok' },
    });
  });

  it.each([
    ['database', { DB: broken }],
    ['bucket', { MEDIA: brokenBucket }],
    ['transcoder', { TRANSCODER_URL: 'http://127.0.0.1:1' }],
    ['transcoder', { TRANSCODER_URL: `${env.TRANSCODER_URL}/nothing` }],
  ])('names the %s when that alone does not answer', async (part, overrides) => {
    const answer = await apiWith(bindingsWith(overrides))('/readyz');
    expect(answer.status).toBe(503);
    const parts = { database: 'ok', bucket: 'ok', transcoder: 'ok', [part]: 'failing' };
    expect(await answer.json()).toEqual({ status: 'not_ready', parts });
  });

  it('asks the container where no address of a transcoder is set', async () => {
    const api = apiWith(bindingsWith(transcodedBy(() => new Response(null))));
    expect((await api('/readyz')).status).toBe(200);
  });
});

describe('an installation that is not configured', () => {
  it.each([
    ['MEDIA_KEYS', { MEDIA_KEYS: undefined }],
    ['MEDIA_KEYS', { MEDIA_KEYS: '{"current":"k9","keys":{}}' }],
    ['ENVIRONMENT', { ENVIRONMENT: 'staging' }],
    ['ACCESS_TOKENS', { ACCESS_TOKENS: 'not json' }],
    ['TRANSCODER_URL', { TRANSCODER_URL: undefined, TRANSCODER: undefined }],
  ])('serves nothing and names %s in its log only', async (name, overrides) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const answer = await apiWith(bindingsWith(overrides as never))('/healthz');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain(name);
    expect(JSON.stringify(logged.mock.calls)).toContain(name);
  });
});

describe('who is asking', () => {
  const production = apiWith(bindingsWith(PRODUCTION));
  const development = apiWith(bindingsWith({}));

  it('is nobody where nobody shows anything, in development too', async () => {
    for (const api of [production, development]) {
      expect((await api('/api/v1/me/tracks')).status).toBe(401);
      expect((await api('/api/v1/operator/sweep', { method: 'POST' })).status).toBe(401);
    }
  });

  it('is whoever a token was given to, with the role it was given for', async () => {
    expect((await production('/api/v1/me/tracks', { as: 'alice' })).status).toBe(200);
    expect((await production('/api/v1/operator/sweep', { method: 'POST', as: 'alice' })).status).toBe(403);
    const swept = await production('/api/v1/operator/sweep', { method: 'POST', as: 'olga' });
    expect(await read<Record<string, number>>(swept)).toMatchObject({ lapsedClaims: expect.any(Number) });
  });

  it('may come from any site with a token, because no browser sends one by itself', async () => {
    const headers = { origin: 'https://elsewhere.example' };
    expect((await production('/api/v1/operator/sweep', { method: 'POST', as: 'olga', headers })).status).toBe(
      200,
    );
  });
});
