import Argon2 from '@phi-ag/argon2';
import { describe, expect, it, vi } from 'vitest';
import { accountsIn, PASSWORD, PUBLIC_ORIGIN, signedUp, signIn, somebody } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const development = accountsIn('development');
const production = accountsIn('production');

interface Me {
  id: string;
  handle: string;
  role: string;
  email: string;
  emailVerified: boolean;
  permissions: string[];
}

describe('signing up', () => {
  it('in development signs in at once, and asks for the address to be confirmed by mail', async () => {
    const person = somebody();
    const browser = development.browser();
    const answer = await browser.call('/api/auth/sign-up/email', { json: person });
    expect(answer.status).toBe(200);
    const me = await read<Me>(await browser.call('/api/v1/me'));
    expect(me).toMatchObject({ email: person.email, handle: person.handle, emailVerified: false });
    expect(me.id).toMatch(/^usr_[0-9a-hjkmnp-tv-z]{26}$/);
    expect((await development.mailTo(person.email, 'verify_email')).data.token).toBeTruthy();
  });

  it('in production waits for the address to be confirmed, and says no more than that', async () => {
    const person = somebody();
    const browser = production.browser();
    expect((await browser.call('/api/auth/sign-up/email', { json: person })).status).toBe(200);
    expect([...browser.cookies]).toEqual([]);
    await expectProblem((await signIn(production, person)).answer, 401, 'invalid_credentials');
    const { token } = (await production.mailTo(person.email, 'verify_email')).data;
    expect((await browser.call(`/api/auth/verify-email?token=${token}`)).status).toBe(200);
    const { browser: signedIn, answer } = await signIn(production, person);
    expect(answer.status).toBe(200);
    expect(await read<Me>(await signedIn.call('/api/v1/me'))).toMatchObject({ emailVerified: true });
  });

  it('in production answers the same for an address with an account, whose owner is told by mail', async () => {
    const { email } = await signedUp(production);
    const fresh = await production.browser().call('/api/auth/sign-up/email', { json: somebody() });
    const again = await production
      .browser()
      .call('/api/auth/sign-up/email', { json: { ...somebody(), email } });
    expect(again.status).toBe(fresh.status);
    const [a, b] = [await read<{ user: object }>(fresh), await read<{ user: object }>(again)];
    expect(Object.keys(b.user).toSorted()).toEqual(Object.keys(a.user).toSorted());
    expect(Object.keys(b)).toEqual(Object.keys(a));
    await production.mailTo(email, 'existing_account_notice');
    expect(await rowsOf('SELECT id FROM users WHERE email = ?', email)).toHaveLength(1);
  });

  it('never lets anybody choose a role', async () => {
    const person = await signedUp(development);
    const browser = development.browser();
    await browser.call('/api/auth/sign-up/email', {
      json: { ...somebody(), role: 'admin', emailVerified: true },
    });
    expect(person.id).not.toBe('');
    expect(await read<Me>(await browser.call('/api/v1/me'))).toMatchObject({
      role: 'listener',
      emailVerified: false,
    });
  });

  it.each([
    ['password_too_weak', 422, { password: 'short' }],
    ['password_too_weak', 422, { password: 'x'.repeat(129) }],
    ['password_too_weak', 422, { password: 'qwertyuiop' }],
    ['password_too_weak', 422, { password: 'Manchester99' }],
    ['password_too_weak', 422, { password: 'abcabcabcabc' }],
    ['password_too_weak', 422, { password: 'Ludovica Rossi!', name: 'Ludovica Rossi' }],
    ['handle_not_allowed', 422, { handle: 'ab' }],
    ['handle_not_allowed', 422, { handle: '_underscore' }],
    ['handle_not_allowed', 422, { handle: 'two__underscores' }],
    ['handle_not_allowed', 422, { handle: 'ünïcode' }],
    ['handle_not_allowed', 422, { handle: 'Admin' }],
    ['handle_not_allowed', 422, { handle: 'sign_in' }],
    ['validation_failed', 400, { email: 'not an address' }],
    ['validation_failed', 400, { name: '' }],
    ['validation_failed', 400, { name: 'right-to-left \u202e override' }],
    ['validation_failed', 400, { handle: 7 }],
    ['validation_failed', 400, { image: 'https://elsewhere.example/tracker.gif' }],
  ])('is refused with %s (%i) for %o', async (code, status, change) => {
    const person = { ...somebody(), ...change };
    const answer = await development.browser().call('/api/auth/sign-up/email', { json: person });
    await expectProblem(answer, status, code);
    expect(await rowsOf('SELECT id FROM users WHERE email = ?', String(person.email))).toEqual([]);
  });

  it('gives a handle once, whatever its case, also to many who ask for it at the same time', async () => {
    const { handle } = await signedUp(development);
    const late = { ...somebody(), handle: handle.toUpperCase() };
    await expectProblem(
      await development.browser().call('/api/auth/sign-up/email', { json: late }),
      409,
      'handle_taken',
    );
    const wished = somebody().handle;
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        development.browser().call('/api/auth/sign-up/email', { json: { ...somebody(), handle: wished } }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    expect(await rowsOf('SELECT id FROM users WHERE handle = ?', wished)).toHaveLength(1);
  });
});

describe('signing in', () => {
  it('with the wrong password or an unknown address is refused in the same words, after the same work', async () => {
    const { email } = await signedUp(production);
    const hash = vi.spyOn(Argon2.prototype, 'hash');
    const wrong = await signIn(production, { email, password: 'not the password' });
    const costOfWrong = hash.mock.calls.map(([, options]) => [options?.memoryCost, options?.timeCost]);
    hash.mockClear();
    const unknown = await signIn(production, { email: somebody().email, password: 'not the password' });
    const costOfUnknown = hash.mock.calls.map(([, options]) => [options?.memoryCost, options?.timeCost]);
    expect(costOfWrong).toEqual([[19_456, 2]]);
    expect(costOfUnknown).toEqual(costOfWrong);
    const [a, b] = [
      await expectProblem(wrong.answer, 401, 'invalid_credentials'),
      await expectProblem(unknown.answer, 401, 'invalid_credentials'),
    ];
    expect({ ...a, requestId: '' }).toEqual({ ...b, requestId: '' });
  });

  it('is by address in any case', async () => {
    const { email } = await signedUp(development);
    const { answer } = await signIn(development, { email: email.toUpperCase(), password: PASSWORD });
    expect(answer.status).toBe(200);
  });

  it('takes a password as it was meant, however the keyboard composes it', async () => {
    const person = { ...somebody(), password: 'caf\u00e9 noir, tr\u00e8s serr\u00e9' };
    await development.browser().call('/api/auth/sign-up/email', { json: person });
    const { answer } = await signIn(development, { ...person, password: person.password.normalize('NFD') });
    expect(answer.status).toBe(200);
  });

  it('hands the token over in the cookie alone', async () => {
    const { email, password } = await signedUp(development);
    const { browser, answer } = await signIn(development, { email, password });
    const token = decodeURIComponent(browser.cookies.get('melro.session_token') ?? '').split('.')[0] ?? '';
    expect(token.length).toBe(43);
    expect(await answer.text()).not.toContain(token);
    const seen = await (await browser.call('/api/auth/get-session')).text();
    expect(seen).toContain(email);
    expect(seen).not.toContain(token);
  });

  it('sets a cookie that no script, no other site and no subdomain can use', async () => {
    const { email, password } = await signedUp(production);
    const { browser } = await signIn(production, { email, password });
    const names = browser.lastSet.map((line) => line.split('=')[0]);
    expect(names.toSorted()).toEqual(['__Host-melro.device', '__Host-melro.session_token']);
    const [name = '', ...attributes] = (browser.lastSet[0] ?? '').split('; ');
    expect(name).toMatch(/^__Host-melro\.session_token=[\w%.-]{80,}$/);
    expect(attributes.toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=7776000',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
    const { browser: brief } = await signIn(production, { email, password, rememberMe: false });
    const set = brief.lastSet.find((line) => line.startsWith('__Host-melro.session_token=')) ?? '';
    expect(set).not.toMatch(/max-age|expires/i);
    for (const line of brief.lastSet)
      expect(line).toMatch(/^__Host-.*; Path=\/; HttpOnly; Secure; SameSite=Lax/);
  });

  it('in development sets a cookie that works over http', async () => {
    const { email, password } = await signedUp(development);
    const { browser } = await signIn(development, { email, password });
    const [line = ''] = browser.lastSet;
    expect(line).toMatch(/^melro\.session_token=/);
    expect(line).toContain('HttpOnly');
    expect(line).not.toContain('Secure');
  });

  it('is refused from another site, with cookies and without', async () => {
    const { email, password, browser } = await signedUp(production);
    for (const origin of ['https://elsewhere.example', 'null', `${PUBLIC_ORIGIN}.elsewhere.example`]) {
      const headers = { origin };
      const stranger = await signIn(production, { email, password }, { headers });
      await expectProblem(stranger.answer, 403, 'cross_origin_refused');
      const json = { email, password };
      const known = await browser.call('/api/auth/sign-in/email', { json, headers });
      await expectProblem(known, 403, 'cross_origin_refused');
    }
  });

  it('ends with signing out', async () => {
    const { browser } = await signedUp(production);
    expect((await browser.call('/api/v1/me')).status).toBe(200);
    const before = new Map(browser.cookies);
    expect((await browser.call('/api/auth/sign-out', { method: 'POST', json: {} })).status).toBe(200);
    // What is left signs nobody in: see known-devices.test.ts.
    expect([...browser.cookies.keys()]).toEqual(['__Host-melro.device']);
    await expectProblem(await production.browser(before).call('/api/v1/me'), 401, 'unauthenticated');
  });
});
