import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../src/platform/limits/policies.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { bindingsWith, type Call, read } from '../support/api.ts';
import { freshAddress, from, limitedApi, NO_LIMITER } from '../support/limits.ts';
import { operations } from '../support/openapi.ts';
import { expectProblem } from '../support/refusals.ts';

const NO_TRACK = 'trk_00000000000000000000000000';
const play: Call = { method: 'POST', json: { trackId: NO_TRACK } };
/** Guests may start sixty tracks at once, and one a second from then on. */
const api = limitedApi(0.1);

/** Asks for `count` grants at once; returns the statuses. */
async function statuses(address: string, count: number): Promise<number[]> {
  const calls = Array.from({ length: count }, () => api('/api/v1/playback', from(address, play)));
  return (await Promise.all(calls)).map(({ status }) => status);
}

describe('a limited route', () => {
  it('answers 429 with the wait in seconds, and waiting it out admits again', async () => {
    const address = freshAddress();
    await statuses(address, 60);
    let answer = await api('/api/v1/playback', from(address, play));
    // On a slow machine some have come back meanwhile.
    while (answer.status === 404) answer = await api('/api/v1/playback', from(address, play));
    const retryAfter = answer.headers.get('retry-after');
    expect(answer.headers.get('ratelimit-policy')).toBe('"playback-guests";q=60;w=60');
    expect(answer.headers.get('ratelimit')).toBe(`"playback-guests";r=0;t=${retryAfter}`);
    const problem = await expectProblem(answer, 429, 'rate_limited');
    expect(problem).toMatchObject({ policy: 'playback-guests', retryAfterSeconds: Number(retryAfter) });
    expect(Number(retryAfter)).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, Number(retryAfter) * 1000));
    expect((await api('/api/v1/playback', from(address, play))).status).toBe(404);
  });

  it('tells what is left in every other answer too, errors included', async () => {
    const answer = await api('/api/v1/playback', from(freshAddress(), play));
    expect(answer.status).toBe(404);
    expect(answer.headers.get('ratelimit-policy')).toBe('"playback-guests";q=60;w=60');
    expect(answer.headers.get('ratelimit')).toBe('"playback-guests";r=59;t=1');
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  it('counts everyone of one prefix together and nobody else with them', async () => {
    const address = freshAddress();
    await statuses(address, 70);
    const neighbour = address.replace(/\.1$/, '.200');
    expect(await statuses(neighbour, 70)).toContain(429);
    expect(await statuses(freshAddress(), 20)).toEqual(Array(20).fill(404));
  });

  it('counts people as themselves, wherever they come from', async () => {
    const people = limitedApi(0.01);
    const read = async (as: 'alice' | 'olga') => {
      const answer = await people('/api/v1/playback', from(freshAddress(), { ...play, as }));
      return [answer.status, answer.headers.get('ratelimit-policy')];
    };
    expect(await read('olga')).toEqual([404, '"playback";q=1;w=60']);
    expect(await read('olga')).toEqual([429, '"playback";q=1;w=60']);
    expect(await read('alice')).toEqual([404, '"playback";q=1;w=60']);
    const namespace = env.RATE_LIMITER;
    for (const name of ['olga', 'alice']) {
      const stub = namespace.get(namespace.idFromName(`playback:${name}`));
      await (stub as unknown as { forgive(): Promise<void> }).forgive();
    }
  });

  it('counts a key of the API beside its owner, reads included', async () => {
    const accounts = accountsIn('development', bindingsWith({ RATE_LIMIT_FACTOR: '1' }));
    const { browser } = await signedUp(accounts, 'artist');
    const json = { name: 'A script', scopes: ['tracks:upload', 'library:read'] };
    const { key } = await read<{ key: string }>(await browser.call('/api/v1/me/api-keys', { json }));
    const headers = { authorization: `Bearer ${key}` };
    // One comes back in ten seconds: what a slow machine takes between two calls does not show.
    const few = accountsIn('development', bindingsWith({ RATE_LIMIT_FACTOR: '0.01' }));
    const list = await few.api('/api/v1/uploads', { headers });
    expect(list.status).toBe(200);
    expect(list.headers.get('ratelimit')).toMatch(/^"api-key";r=5;t=\d+$/);
    const write = await few.api('/api/v1/uploads', { headers, json: { fileName: 'a.flac', sizeBytes: 9 } });
    expect(write.headers.get('ratelimit')).toMatch(/^"api-key";r=4;t=\d+, "uploads";r=9;t=\d+$/);
  });

  it('refuses who may not call it before anything is counted', async () => {
    const answer = await limitedApi(1, NO_LIMITER)('/api/v1/uploads', { method: 'POST', json: {} });
    expect([answer.status, answer.headers.get('ratelimit')]).toEqual([401, null]);
  });
});

describe('a limiter that does not answer', () => {
  const broken = limitedApi(1, NO_LIMITER);

  it('keeps nobody from reading, listening or writing', async () => {
    expect((await broken('/api/v1/tracks')).status).toBe(200);
    expect((await broken('/api/v1/playback', from(freshAddress(), play))).status).toBe(404);
    const json = { fileName: 'a.flac', sizeBytes: 10 };
    expect((await broken('/api/v1/uploads', { as: 'bob', json })).status).toBe(201);
  });

  it.each([
    '/sign-in/email',
    '/two-factor/verify-totp',
    '/sign-up/email',
    '/request-password-reset',
    '/oauth2/token',
    '/anything',
  ])('keeps everybody from guessing at /api/auth%s', async (path) => {
    const answer = await broken(`/api/auth${path}`, { method: 'POST', json: { email: 'a@example.com' } });
    expect(answer.headers.get('retry-after')).toBe('5');
    await expectProblem(answer, 503, 'unavailable');
  });

  it('counts as one when it hangs', async () => {
    const hanging = {
      idFromName: () => 'id',
      get: () => ({ take: () => new Promise(() => undefined) }),
    } as unknown as DurableObjectNamespace;
    const slow = limitedApi(1, { RATE_LIMITER: hanging });
    const [auth, playback] = await Promise.all([
      slow('/api/auth/sign-in/email', { method: 'POST', json: {} }),
      slow('/api/v1/playback', play),
    ]);
    expect([auth.status, playback.status]).toEqual([503, 404]);
  });
});

describe('what is never counted one by one', () => {
  const broken = limitedApi(1, NO_LIMITER);

  it.each(['/healthz', '/readyz', '/api/v1/tracks', '/media/token/trk/ver/64/0.m4s', '/api/openapi.json'])(
    '%s',
    async (path) => {
      const answer = await broken(path, from(freshAddress()));
      expect([200, 403]).toContain(answer.status);
      expect(answer.headers.get('ratelimit')).toBeNull();
    },
  );
});

describe('the first line', () => {
  const FULL = { limit: async () => ({ success: false }) };

  it("is Cloudflare's own counter, per address prefix", async () => {
    const address = freshAddress();
    const real = limitedApi(1);
    const codes: number[] = [];
    // Its windows begin with the minute: whoever counts across two of them counts twice.
    for (let sent = 0; sent < 4100 && codes.at(-1) !== 429; sent += 50) {
      const batch = Array.from({ length: 50 }, () => real('/api/v1/nothing', from(address)));
      codes.push(...(await Promise.all(batch)).map(({ status }) => status));
    }
    expect(codes.at(-1)).toBe(429);
    expect(codes.filter((code) => code === 404).length).toBeGreaterThanOrEqual(2000);
    expect((await real('/api/v1/nothing', from(freshAddress()))).status).toBe(404);
  });

  it('answers a flood with 429 and a wait, but not who watches over the installation', async () => {
    const flooded = limitedApi(1, { FIRST_LINE: FULL, MEDIA_FIRST_LINE: FULL });
    const answer = await flooded('/api/v1/tracks');
    expect(answer.headers.get('retry-after')).toBe('60');
    await expectProblem(answer, 429, 'rate_limited');
    expect((await flooded('/healthz')).status).toBe(200);
    expect((await flooded('/readyz')).status).toBe(200);
  });

  it('counts segments apart, and lets a player on another site read the refusal', async () => {
    const segment = '/media/token/trk/ver/64/0.m4s';
    expect((await limitedApi(1, { FIRST_LINE: FULL })(segment)).status).toBe(403);
    const answer = await limitedApi(1, { MEDIA_FIRST_LINE: FULL })(segment);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    await expectProblem(answer, 429, 'rate_limited');
  });

  it('lets everything pass while it does not answer, and where limits are multiplied', async () => {
    const broken = { limit: async () => Promise.reject(new Error('no counter')) };
    expect((await limitedApi(1, { FIRST_LINE: broken })('/api/v1/tracks')).status).toBe(200);
    expect((await limitedApi(2, { FIRST_LINE: FULL })('/api/v1/tracks')).status).toBe(200);
  });
});

describe('the documented limits', () => {
  it('say 429 of every operation but those that are never counted', async () => {
    for (const { method, path, responses } of await operations()) {
      const isCounted = path !== '/healthz' && path !== '/readyz';
      expect(responses['429'] !== undefined, `${method} ${path}`).toBe(isCounted);
    }
  });

  it('close on guesses and stay open for listening', () => {
    const closed = Object.entries(POLICIES).filter(([, { failure }]) => failure === 'closed');
    expect(closed.map(([name]) => name).toSorted()).toEqual([
      'auth',
      'challenge',
      'challenge-account',
      'codes',
      'codes-account',
      'mail',
      'mail-account',
      'sign-in',
      'sign-in-account',
      'sign-in-device',
      'sign-up',
      'tokens',
    ]);
  });
});
