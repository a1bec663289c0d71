import { describe, expect, it } from 'vitest';
import {
  accountsIn,
  type Browser,
  signedCookieValue,
  signedUp,
  signIn,
  tokenIn,
} from '../support/accounts.ts';
import { ORIGIN, read } from '../support/api.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const development = accountsIn('development');
const production = accountsIn('production');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Session {
  sessionId: string;
  isCurrent: boolean;
  userAgent: string | null;
  city: string | null;
  country: string | null;
  network: string | null;
  lastUsedAt: string;
  expiresAt: string;
}

async function sessionsOf(browser: Browser): Promise<Session[]> {
  return (await read<{ items: Session[] }>(await browser.call('/api/v1/me/sessions'))).items;
}

interface Kept {
  created_at_ms: number;
  last_used_at_ms: number;
  expires_at_ms: number;
}

async function keptOf(sessionId: string): Promise<Kept> {
  const [row] = await rowsOf<Kept>(
    'SELECT created_at_ms, last_used_at_ms, expires_at_ms FROM user_sessions WHERE id = ?',
    sessionId,
  );
  if (row === undefined) throw new Error('the session is gone');
  return row;
}

async function setTimes(sessionId: string, agoMs: { created: number; used: number }, leftMs: number) {
  const now = Date.now();
  await rowsOf(
    'UPDATE user_sessions SET created_at_ms = ?, last_used_at_ms = ?, expires_at_ms = ? WHERE id = ? RETURNING id',
    now - agoMs.created,
    now - agoMs.used,
    now + leftMs,
    sessionId,
  );
}

async function currentOf(browser: Browser): Promise<string> {
  return (await sessionsOf(browser)).find(({ isCurrent }) => isCurrent)?.sessionId ?? '';
}

describe('a session at rest', () => {
  it('is a hash: no table holds a token that a cookie holds', async () => {
    const { browser, id } = await signedUp(production);
    const token = tokenIn(browser.cookies);
    expect(token).toMatch(/^[\w-]{43}$/);
    const rows = await rowsOf<Record<string, unknown>>('SELECT * FROM user_sessions WHERE user_id = ?', id);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
    const hash = new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true });
    expect(rows[0]?.token_hash).toBe(`sha256:${hash}`);
  });

  it('signs nobody in who has read the database, even with a cookie that is signed', async () => {
    const { id } = await signedUp(development);
    const [row] = await rowsOf<{ token_hash: string }>(
      'SELECT token_hash FROM user_sessions WHERE user_id = ?',
      id,
    );
    const cookies = new Map([['melro.session_token', await signedCookieValue(row?.token_hash ?? '')]]);
    const thief = development.browser(cookies);
    await expectProblem(await thief.call('/api/v1/me'), 401, 'unauthenticated');
    expect(await (await thief.call('/api/auth/get-session')).json()).toBeNull();
  });
});

describe('a cookie', () => {
  it.each([
    ['of another signature', (value: string) => value.replace(/.{6}%3D$/, 'AAAAAA%3D')],
    ['without one', (value: string) => value.split('.')[0] ?? ''],
    ['of another token', (value: string) => value.replace(/^.{6}/, 'AAAAAA')],
    ['that is not even encoded', () => '%E0%A4%A.%%%'],
  ])('%s makes a stranger, in development too', async (_what, change) => {
    const { browser } = await signedUp(development);
    const value = browser.cookies.get('melro.session_token') ?? '';
    expect((await browser.call('/api/v1/me')).status).toBe(200);
    const forged = change(value);
    expect(forged).not.toBe(value);
    const other = development.browser(new Map([['melro.session_token', forged]]));
    await expectProblem(await other.call('/api/v1/me'), 401, 'unauthenticated');
    await expectProblem(await other.call('/api/v1/operator/dead-letters'), 401, 'unauthenticated');
  });

  it('is of no use to another site that makes the browser send it', async () => {
    const { browser, id } = await signedUp(development);
    for (const origin of ['https://elsewhere.example', 'null', `${ORIGIN}:8080`]) {
      const headers = { origin };
      const call = { method: 'POST', headers, json: {} };
      await expectProblem(await browser.call('/api/v1/me/artist', call), 403, 'cross_origin_refused');
      await expectProblem(await browser.call('/api/auth/sign-out', call), 403, 'cross_origin_refused');
    }
    expect(await rowsOf('SELECT role FROM users WHERE id = ?', id)).not.toEqual([{ role: 'artist' }]);
    expect((await browser.call('/api/v1/me')).status).toBe(200);
  });
});

describe('a session ends', () => {
  it('when it was not used for long', async () => {
    const { browser } = await signedUp(development);
    const id = await currentOf(browser);
    await setTimes(id, { created: 20 * DAY_MS, used: 15 * DAY_MS }, -1);
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
    expect(
      await (await development.browser(browser.cookies).call('/api/auth/get-session')).json(),
    ).toBeNull();
  });

  it('two weeks after its last use where it is remembered, a day where it is not', async () => {
    const person = await signedUp(development);
    for (const [rememberMe, days] of [
      [true, 14],
      [false, 1],
    ] as const) {
      const { browser } = await signIn(development, { ...person, rememberMe });
      const id = await currentOf(browser);
      const first = await keptOf(id);
      expect(first.expires_at_ms - first.created_at_ms).toBe(days * DAY_MS);
      await setTimes(id, { created: DAY_MS, used: 16 * MINUTE_MS }, MINUTE_MS);
      expect((await browser.call('/api/v1/me')).status).toBe(200);
      const later = await keptOf(id);
      expect(later.expires_at_ms - later.last_used_at_ms).toBe(days * DAY_MS);
    }
  });

  it('after ninety days, however often it is used', async () => {
    const { browser } = await signedUp(development);
    const id = await currentOf(browser);
    await setTimes(id, { created: 89 * DAY_MS, used: DAY_MS }, DAY_MS / 2);
    expect((await browser.call('/api/v1/me')).status).toBe(200);
    const kept = await keptOf(id);
    expect(kept.expires_at_ms).toBe(kept.created_at_ms + 90 * DAY_MS);
  });

  it('and its use is noted no more often than every quarter of an hour', async () => {
    const { browser } = await signedUp(development);
    const id = await currentOf(browser);
    await setTimes(id, { created: DAY_MS, used: 14 * MINUTE_MS }, DAY_MS);
    const before = await keptOf(id);
    await browser.call('/api/v1/me');
    expect(await keptOf(id)).toEqual(before);
  });

  it('for good when it is swept', async () => {
    const { browser, id } = await signedUp(development);
    await setTimes(await currentOf(browser), { created: 20 * DAY_MS, used: 15 * DAY_MS }, -1);
    await development.api('/api/v1/operator/sweep', { method: 'POST', as: 'olga' });
    expect(await rowsOf('SELECT id FROM user_sessions WHERE user_id = ?', id)).toEqual([]);
  });
});

describe('the list of sessions', () => {
  it('says which device, which place and which network, never the address', async () => {
    const person = await signedUp(production);
    const { browser } = await signIn(production, person, {
      headers: { 'user-agent': 'A Browser/1.0', 'cf-connecting-ip': '203.0.113.77' },
      cf: { city: 'Porto', country: 'PT' },
    });
    const [mine, ...others] = await sessionsOf(browser);
    expect(mine).toMatchObject({
      isCurrent: true,
      userAgent: 'A Browser/1.0',
      city: 'Porto',
      country: 'PT',
      network: '203.0.113.0/24',
    });
    expect(others.map(({ isCurrent }) => isCurrent)).toEqual([false]);
    expect(
      JSON.stringify(await rowsOf('SELECT * FROM user_sessions WHERE user_id = ?', person.id)),
    ).not.toContain('203.0.113.77');
  });

  it('says no place in development, where Miniflare makes one up', async () => {
    const { browser } = await signIn(development, await signedUp(development), {
      headers: { 'user-agent': 'A Browser/1.0' },
      cf: { city: 'Austin', country: 'US' },
    });
    const [mine] = await sessionsOf(browser);
    expect(mine).toMatchObject({ userAgent: 'A Browser/1.0', city: null, country: null });
  });

  it('ends one of them at once', async () => {
    const person = await signedUp(production);
    const { browser: phone } = await signIn(production, person);
    const phoneId = await currentOf(phone);
    const path = `/api/v1/me/sessions/${phoneId}`;
    expect((await person.browser.call(path, { method: 'DELETE' })).status).toBe(204);
    await expectProblem(await phone.call('/api/v1/me'), 401, 'unauthenticated');
    expect(await (await phone.call('/api/auth/get-session')).json()).toBeNull();
    expect((await person.browser.call('/api/v1/me')).status).toBe(200);
    await expectProblem(await person.browser.call(path, { method: 'DELETE' }), 404, 'not_found');
  });

  it('hides from others that a session exists, and leaves it alone', async () => {
    const victim = await signedUp(production);
    const other = await signedUp(production);
    const path = `/api/v1/me/sessions/${await currentOf(victim.browser)}`;
    await expectProblem(await other.browser.call(path, { method: 'DELETE' }), 404, 'not_found');
    expect((await victim.browser.call('/api/v1/me')).status).toBe(200);
  });

  it('ends all but this one', async () => {
    const person = await signedUp(production);
    const others = await Promise.all([signIn(production, person), signIn(production, person)]);
    const answer = await person.browser.call('/api/v1/me/sessions', { method: 'DELETE' });
    expect(await answer.json()).toEqual({ ended: 2 });
    for (const { browser } of others)
      await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
    expect((await person.browser.call('/api/v1/me')).status).toBe(200);
  });

  it('is not to be had from better-auth, whose own would hold tokens', async () => {
    const { browser } = await signedUp(development);
    for (const [method, path] of [
      ['GET', 'list-sessions'],
      ['POST', 'revoke-session'],
      ['POST', 'revoke-sessions'],
      ['POST', 'revoke-other-sessions'],
      ['POST', 'update-user'],
      ['POST', 'delete-user'],
      ['GET', 'error'],
    ] as const) {
      const call = method === 'GET' ? {} : { method, json: {} };
      await expectProblem(await browser.call(`/api/auth/${path}`, call), 404, 'not_found');
    }
  });
});

it('an admin ends every session of somebody, who sees by whom it was, and of nobody else', async () => {
  const [admin, ann, ben] = [
    await signedUp(production, 'admin'),
    await signedUp(production),
    await signedUp(production),
  ];
  const { browser: other } = await signIn(production, ann);
  const path = `/api/v1/people/${ann.handle}/sessions`;
  await expectProblem(await ben.browser.call(path, { method: 'DELETE' }), 403, 'forbidden');
  const answer = await admin.browser.call(path, { method: 'DELETE' });
  expect([answer.status, await read(answer)]).toEqual([200, { ended: 2 }]);
  for (const browser of [ann.browser, other]) {
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
  }
  for (const { browser } of [admin, ben]) expect((await browser.call('/api/v1/me')).status).toBe(200);
  const { browser } = await signIn(production, ann);
  const { items } = await read<{ items: object[] }>(await browser.call('/api/v1/me/security-events'));
  expect(items).toContainEqual(expect.objectContaining({ event: 'other_sessions_ended', byMe: false }));
  const nobody = await admin.browser.call('/api/v1/people/nobody_here/sessions', { method: 'DELETE' });
  await expectProblem(nobody, 404, 'not_found');
});
