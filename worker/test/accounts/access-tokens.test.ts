import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { permissionsOf } from '../../src/platform/auth/permissions.ts';
import { accountsIn, PUBLIC_ORIGIN, signedUp } from '../support/accounts.ts';
import { type Api, bindingsWith, read } from '../support/api.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('production');
type Member = Awaited<ReturnType<typeof signedUp>>;

let ann: Member;
beforeAll(async () => {
  ann = await signedUp(accounts, 'artist');
});

function meWith(token: string, api = accounts.api): Promise<Response> {
  return api('/api/v1/me', { headers: { authorization: `Bearer ${token}` } });
}

async function expectRefused(api: Api, token: string): Promise<void> {
  const answer = await meWith(token, api);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="melro", error="invalid_token"');
  await expectProblem(answer, 401, 'unauthenticated');
}

function part<T>(token: string, index: number): T {
  const bytes = Uint8Array.fromBase64(token.split('.')[index] ?? '', { alphabet: 'base64url' });
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

const encoded = (value: object | string) =>
  new TextEncoder()
    .encode(typeof value === 'string' ? value : JSON.stringify(value))
    .toBase64({ alphabet: 'base64url', omitPadding: true });

async function tokenOf({ browser }: Member): Promise<string> {
  return (await read<{ token: string }>(await browser.call('/api/auth/token'))).token;
}

/** Keeps a public key as one of the installation's, so that the test can sign what it likes. */
async function plantKey(kid: string, algorithm = 'EdDSA') {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(publicKey);
  await rowsOf(
    'INSERT INTO signing_keys (id, public_key, private_key, created_at_ms, expires_at_ms, alg, crv) VALUES (?, ?, ?, 0, ?, ?, ?) RETURNING id',
    kid,
    JSON.stringify(jwk),
    'nobody signs with it',
    Date.now() - 1,
    'EdDSA',
    'Ed25519',
  );
  return { publicKey, privateKey, jwk };
}

const nowSeconds = () => Math.floor(Date.now() / 1000);

type Change = Record<string, unknown>;

function claims(change: Change = {}): JWTPayload {
  const iat = nowSeconds();
  return {
    iss: PUBLIC_ORIGIN,
    aud: `${PUBLIC_ORIGIN}/api`,
    sub: ann.id,
    scope: 'account:read',
    role: 'artist',
    email_verified: true,
    iat,
    exp: iat + 900,
    ...change,
  };
}

const sign = (payload: JWTPayload, key: CryptoKey | Uint8Array, header: { alg: string; kid: string }) =>
  new SignJWT(payload).setProtectedHeader(header).sign(key);

describe('an access JWT', () => {
  it('is given to whoever is signed in, for fifteen minutes, with what they may do', async () => {
    const token = await tokenOf(ann);
    expect(part(token, 0)).toEqual({ alg: 'EdDSA', kid: expect.stringMatching(/^jwk_/) });
    const payload = part<Record<string, unknown> & { iat: number; exp: number }>(token, 1);
    expect(payload).toMatchObject({
      iss: PUBLIC_ORIGIN,
      aud: `${PUBLIC_ORIGIN}/api`,
      sub: ann.id,
      scope: permissionsOf('artist').join(' '),
    });
    expect(payload.exp - payload.iat).toBe(900);
    // Who reads it learns no more than that: no name, no address.
    expect(Object.keys(payload).toSorted()).toEqual(
      ['aud', 'email_verified', 'exp', 'iat', 'iss', 'jti', 'role', 'scope', 'sub'].toSorted(),
    );
    expect(await read(await meWith(token))).toMatchObject({ id: ann.id });
  });

  it('is not given to strangers, and does not make another', async () => {
    await expectProblem(await accounts.browser().call('/api/auth/token'), 401, 'unauthenticated');
    const headers = { authorization: `Bearer ${await tokenOf(ann)}` };
    await expectProblem(await accounts.api('/api/auth/token', { headers }), 401, 'unauthenticated');
  });

  it('never changes what somebody signs in with', async () => {
    const headers = { authorization: `Bearer ${await tokenOf(ann)}` };
    for (const path of ['/api/v1/me/sessions', '/api/v1/me/api-keys', '/api/v1/me/apps']) {
      await expectProblem(await accounts.api(path, { headers }), 403, 'session_required');
    }
  });

  it('is verified by the published keys, whose private halves nobody can read', async () => {
    const { kid } = part<{ kid: string }>(await tokenOf(ann), 0);
    const answer = await accounts.api('/api/auth/jwks');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys } = await read<{ keys: Record<string, unknown>[] }>(answer);
    expect(keys.find((key) => key.kid === kid)).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' });
    for (const key of keys) expect(key).not.toHaveProperty('d');
    const rows = await rowsOf<{ text: string }>(
      'SELECT private_key AS text FROM signing_keys WHERE id = ?',
      kid,
    );
    expect(rows[0]?.text.length).toBeGreaterThan(50);
    expect(rows[0]?.text).not.toMatch(/"d"|kty/);
  });

  it('costs no read of the database once its key is known', async () => {
    const queries: string[] = [];
    const { DB } = bindingsWith({});
    const counted = new Proxy(DB, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          queries.push(String(given[0]));
          return value.apply(target, given) as unknown;
        };
      },
    });
    const { api } = accountsIn('production', bindingsWith({ DB: counted }));
    const token = await tokenOf(ann);
    const headers = { authorization: `Bearer ${token}` };
    expect((await api('/api/v1/me', { method: 'PATCH', json: {}, headers })).status).toBe(400);
    expect(queries.filter((query) => query.includes('signing_keys'))).toHaveLength(1);
    queries.length = 0;
    // The answer to a body of the wrong shape comes after the guard and before any work of the route.
    for (let i = 0; i < 5; i++)
      expect((await api('/api/v1/me', { method: 'PATCH', json: {}, headers })).status).toBe(400);
    expect(queries).toEqual([]);
  });

  it('with a key that nobody knows makes the keys be read again, but not for every request', async () => {
    const { privateKey } = await generateKeyPair('EdDSA');
    const { DB } = bindingsWith({});
    let reads = 0;
    const counted = new Proxy(DB, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          if (String(given[0]).includes('signing_keys')) reads++;
          return value.apply(target, given) as unknown;
        };
      },
    });
    const { api } = accountsIn('production', bindingsWith({ DB: counted }));
    for (let i = 0; i < 20; i++) {
      const forged = await sign(claims(), privateKey, { alg: 'EdDSA', kid: `jwk_unknown${i}` });
      expect((await meWith(forged, api)).status).toBe(401);
    }
    expect(reads).toBe(1);
  });
});

describe('an access JWT is refused', () => {
  let judge: Api;
  let planted: Awaited<ReturnType<typeof plantKey>>;
  const kid = `jwk_planted${Date.now()}`;
  const signed = (change: Change = {}) => sign(claims(change), planted.privateKey, { alg: 'EdDSA', kid });

  beforeAll(async () => {
    planted = await plantKey(kid);
    // It knows the key: what follows is refused for what it says.
    judge = accountsIn('production').api;
    expect((await meWith(await signed(), judge)).status).toBe(200);
  });

  it.each<[string, () => Change]>([
    ['expired', () => ({ iat: nowSeconds() - 901, exp: nowSeconds() - 1 })],
    [
      'older than fifteen minutes, whatever it says',
      () => ({ iat: nowSeconds() - 1000, exp: nowSeconds() + 900 }),
    ],
    ['from the future', () => ({ iat: nowSeconds() + 600, exp: nowSeconds() + 900 })],
    ['without an end', () => ({ exp: undefined })],
    ['without a beginning', () => ({ iat: undefined })],
    ['without an owner', () => ({ sub: undefined })],
    ['without scopes', () => ({ scope: undefined })],
    ['for another audience', () => ({ aud: 'https://elsewhere.example/api' })],
    ['for an app, as ID tokens are', () => ({ aud: 'an-app' })],
    ['from another issuer', () => ({ iss: 'https://elsewhere.example' })],
    ['from nobody', () => ({ iss: undefined })],
    ['about somebody of no role', () => ({ role: 'owner' })],
    ['about an app and no person', () => ({ sub: 'an-app' })],
  ])('that is %s', async (_what, change) => {
    await expectRefused(judge, await signed(change()));
  });

  it('that says it needs no signature', async () => {
    for (const alg of ['none', 'None', 'NONE']) {
      await expectRefused(judge, `${encoded({ alg, kid })}.${encoded(claims())}.`);
      await expectRefused(judge, `${encoded({ alg })}.${encoded(claims())}.${encoded('x')}`);
    }
  });

  it('that is signed with the public key as if it were a shared secret', async () => {
    const { x = '' } = planted.jwk;
    for (const secret of [x, JSON.stringify(planted.jwk)]) {
      const bytes = new TextEncoder().encode(secret.padEnd(32, ' '));
      await expectRefused(judge, await sign(claims(), bytes, { alg: 'HS256', kid }));
    }
  });

  it('that another key has signed under a known name, or another algorithm', async () => {
    const { privateKey } = await generateKeyPair('EdDSA');
    await expectRefused(judge, await sign(claims(), privateKey, { alg: 'EdDSA', kid }));
    const ecdsa = await generateKeyPair('ES256');
    await expectRefused(judge, await sign(claims(), ecdsa.privateKey, { alg: 'ES256', kid }));
  });

  it('whose claims were changed after it was signed', async () => {
    const [head, , signature] = (await signed()).split('.');
    await expectRefused(
      judge,
      `${head}.${encoded(claims({ role: 'admin', scope: 'jobs:manage' }))}.${signature}`,
    );
  });

  it('where its scope does not reach, and never reaches further than the role', async () => {
    const narrow = await signed({ scope: 'account:read openid' });
    const upload = (token: string) =>
      judge('/api/v1/uploads', {
        json: { fileName: 'a.flac', sizeBytes: 1 },
        headers: { authorization: `Bearer ${token}` },
      });
    const answer = await upload(narrow);
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="melro", error="insufficient_scope", scope="tracks:upload"',
    );
    await expectProblem(answer, 403, 'forbidden');
    expect((await upload(await signed({ scope: 'tracks:upload' }))).status).toBe(201);
    const listener = await signed({ scope: 'tracks:upload', role: 'listener' });
    await expectProblem(await upload(listener), 403, 'forbidden');
    const unconfirmed = await signed({ scope: 'tracks:upload', email_verified: false });
    await expectProblem(await upload(unconfirmed), 403, 'email_not_verified');
  });

  it('a day after its key was replaced, and not before', async () => {
    const retired = `${kid}retired`;
    const { privateKey } = await plantKey(retired);
    const token = await sign(claims(), privateKey, { alg: 'EdDSA', kid: retired });
    const fresh = () => accountsIn('production').api;
    expect((await meWith(token, fresh())).status).toBe(200);
    const longAgo = Date.now() - 86_400_000 - 1;
    await rowsOf('UPDATE signing_keys SET expires_at_ms = ? WHERE id = ? RETURNING id', longAgo, retired);
    expect((await meWith(token, fresh())).status).toBe(401);
  });
});

describe('signing keys', () => {
  it('are replaced when their time is over; what the old one signed goes on', async () => {
    const before = await tokenOf(ann);
    await rowsOf(
      'UPDATE signing_keys SET expires_at_ms = ? WHERE expires_at_ms > ? RETURNING id',
      Date.now() - 1,
      Date.now(),
    );
    const after = await tokenOf(ann);
    expect(part<{ kid: string }>(after, 0).kid).not.toBe(part<{ kid: string }>(before, 0).kid);
    const { api } = accountsIn('production');
    for (const token of [before, after]) expect((await meWith(token, api)).status).toBe(200);
  });
});
