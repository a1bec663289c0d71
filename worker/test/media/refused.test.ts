import { sign } from '@tsndr/cloudflare-worker-jwt';
import { describe, expect, it } from 'vitest';
import { claimsOf, type PublishedVersion, publishVersion } from '../support/media.ts';
import { MEDIA_KEYS } from '../support/people.ts';
import { expectProblem } from '../support/refusals.ts';

const published = await publishVersion();
const { trackId, version } = published;
const good = await published.token();

function base64url(value: unknown): string {
  return btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Signs as anybody could who has a key of their own. */
function signedWith(key: string, kid: string, algorithm: 'HS256' | 'HS512' = 'HS256'): Promise<string> {
  return sign({ ...claimsOf(trackId, version) }, key, { algorithm, header: { typ: 'JWT', kid } });
}

async function expectRefusedUnseen(
  path: string,
  token: string,
  { ask, calls }: PublishedVersion = published,
) {
  calls.length = 0;
  for (const method of ['GET', 'HEAD']) {
    const response = await ask(path, token, { method });
    expect(response.status, `${method} ${path}`).toBe(403);
    if (method === 'GET') await expectProblem(response.clone(), 403, 'media_token_refused');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  }
  expect(calls, 'R2 was not touched').toEqual([]);
}

describe('the gateway refuses without touching R2', () => {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const claims = claimsOf(trackId, version);

  it('opens with the token that the others are made from', async () => {
    expect((await published.ask('128/0.m4s', good)).status).toBe(200);
  });

  it.each([
    [
      'a signature of which one character is changed',
      `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    ],
    ['no signature', `${header}.${payload}.`],
    [
      'claims of another with this signature',
      `${header}.${base64url({ ...claims, exp: claims.exp + 1 })}.${signature}`,
    ],
    ['"alg": "none"', `${base64url({ alg: 'none', typ: 'JWT', kid: 'k1' })}.${payload}.`],
    [
      '"alg": "none" with a signature',
      `${base64url({ alg: 'none', typ: 'JWT', kid: 'k1' })}.${payload}.${signature}`,
    ],
    [
      'another algorithm in the header',
      `${base64url({ alg: 'HS512', typ: 'JWT', kid: 'k1' })}.${payload}.${signature}`,
    ],
    ['a header that names no key', `${base64url({ alg: 'HS256', typ: 'JWT' })}.${payload}.${signature}`],
    [
      'a header that names a property of every object',
      `${base64url({ alg: 'HS256', kid: 'constructor' })}.${payload}.${signature}`,
    ],
    ['what is no token', 'not-a-token'],
    ['what is no token but has three parts', 'a.b.c'],
    ['ten thousand characters', 'a'.repeat(10_000)],
  ])('%s', async (_what, token) => {
    await expectRefusedUnseen('128/0.m4s', token);
  });

  it('a token signed by a key that is not ours', async () => {
    await expectRefusedUnseen('128/0.m4s', await signedWith('C'.repeat(43), 'k1'));
  });

  it('a token signed by a key that is unknown', async () => {
    await expectRefusedUnseen('128/0.m4s', await signedWith(MEDIA_KEYS.keys.k1, 'k7'));
  });

  it('a token signed by our key with another algorithm', async () => {
    await expectRefusedUnseen('128/0.m4s', await signedWith(MEDIA_KEYS.keys.k1, 'k1', 'HS512'));
  });

  it('a token whose claims are not all there', async () => {
    const token = await sign({ trk: trackId, ver: version, exp: claims.exp }, MEDIA_KEYS.keys.k1, {
      algorithm: 'HS256',
      header: { typ: 'JWT', kid: 'k1' },
    });
    await expectRefusedUnseen('128/0.m4s', token);
  });

  it('an expired token, also one that was good a moment ago', async () => {
    await expectRefusedUnseen('128/0.m4s', await published.token({ exp: Math.floor(Date.now() / 1000) - 1 }));
    const short = await published.token({ exp: Math.floor(Date.now() / 1000) + 1 });
    expect((await published.ask('128/0.m4s', short)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await expectRefusedUnseen('128/0.m4s', short);
  });

  it('a token for another track or another version', async () => {
    const other = await publishVersion();
    await expectRefusedUnseen('128/0.m4s', await other.token());
    await expectRefusedUnseen('128/0.m4s', await published.token({ trk: other.trackId }));
    await expectRefusedUnseen('128/0.m4s', await published.token({ ver: other.version }));
  });

  it('renditions above what was granted, in whatever spelling, and opens those below', async () => {
    const token = await published.token({ max: 128, lossless: 0 });
    for (const path of [
      '192/0.m4s',
      '320/init.mp4',
      '320/playlist.m3u8',
      'lossless/0.m4s',
      'lossless.m3u8',
      'master.m3u8',
      'master-192.m3u8',
      '0320/0.m4s',
      '64/./../320/0.m4s',
    ]) {
      await expectRefusedUnseen(path, token);
    }
    for (const path of ['64/0.m4s', '128/0.m4s', '128/playlist.m3u8', 'master-64.m3u8', 'master-128.m3u8']) {
      expect((await published.ask(path, token)).status, path).toBe(200);
    }
  });

  it('lossless where only lossy was granted', async () => {
    const token = await published.token({ lossless: 0 });
    await expectRefusedUnseen('lossless/0.m4s', token);
    await expectRefusedUnseen('lossless.m3u8', token);
  });

  it('objects of the version that are not for the gateway to give', async () => {
    for (const path of [
      'waveform.json',
      'artwork/64.webp',
      'manifest.json',
      '128/',
      '128/0.m4s/',
      '128',
      '128/-1.m4s',
      '128/000000.m4s',
    ]) {
      await expectRefusedUnseen(path, good);
    }
  });
});

describe('the gateway knows no way out of a version', () => {
  it.each([
    `/media/${good}/${trackId}/${version}/../../../originals/x`,
    `/media/${good}/${trackId}/${version}/%2e%2e/%2e%2e/originals/x`,
    `/media/${good}/${trackId}/${version}/..%2f..%2foriginals/x`,
    `/media/${good}/${trackId}/${version}/128/..%5c..%5c0.m4s`,
    `/media/${good}/${trackId}/${version}//128/0.m4s`,
    `/media/${good}/${trackId}/${version}/128/0.m4s%00`,
    `/media/${good}/${trackId}%2f${version}/128/0.m4s`,
    `/media/${good}/${trackId}`,
    `/media/${good}`,
    '/media/',
    '/media',
  ])('%#', async (path) => {
    published.calls.length = 0;
    const response = await published.api(path);
    expect([403, 404]).toContain(response.status);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(published.calls).toEqual([]);
  });
});

it('a key before the current one still opens until it is taken out', async () => {
  expect((await published.ask('128/0.m4s', await signedWith(MEDIA_KEYS.keys.k0, 'k0'))).status).toBe(200);
  const rotated = await publishVersion({
    MEDIA_KEYS: JSON.stringify({ current: 'k2', keys: { k2: 'D'.repeat(43), k1: MEDIA_KEYS.keys.k1 } }),
  });
  const byOldKey = await sign({ ...claimsOf(rotated.trackId, rotated.version) }, MEDIA_KEYS.keys.k0, {
    algorithm: 'HS256',
    header: { typ: 'JWT', kid: 'k0' },
  });
  await expectRefusedUnseen('128/0.m4s', byOldKey, rotated);
  expect((await rotated.ask('128/0.m4s', await rotated.token())).status).toBe(200);
});
