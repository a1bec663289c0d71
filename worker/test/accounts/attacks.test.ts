import { describe, expect, it } from 'vitest';
import { accountsIn, PASSWORD, PUBLIC_ORIGIN, signedUp, signIn, somebody } from '../support/accounts.ts';
import { codeOf, withTotp } from '../support/factors.ts';
import { expectProblem } from '../support/refusals.ts';

const production = accountsIn('production');

describe('nobody is led to another site', () => {
  it.each([
    'https://elsewhere.example',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    '/%5celsewhere.example',
    '/..//elsewhere.example',
    '/.//elsewhere.example',
    '/settings/..//elsewhere.example',
    '/settings/%2e%2e//elsewhere.example',
    `${PUBLIC_ORIGIN}.elsewhere.example`,
    `${PUBLIC_ORIGIN}@elsewhere.example`,
    'javascript:alert(1)',
  ])('by a link or a form that asks for %s', async (address) => {
    const { email, browser } = await signedUp(production);
    const query = `callbackURL=${encodeURIComponent(address)}`;
    const answers = [
      await browser.call(`/api/auth/verify-email?token=none&${query}`),
      await browser.call(`/api/auth/reset-password/none?${query}`),
      await production.browser().call('/api/auth/sign-in/email', {
        json: { email, password: PASSWORD, callbackURL: address },
      }),
      await browser.call('/api/auth/request-password-reset', { json: { email, redirectTo: address } }),
    ];
    for (const answer of answers) {
      expect(answer.headers.get('location')).toBeNull();
      await expectProblem(answer, 403, 'forbidden');
    }
  });

  it('but is led to pages of ours', async () => {
    const answer = await production
      .browser()
      .call('/api/auth/verify-email?token=none&callbackURL=%2Fverify-email%3Fa%3D1');
    expect(answer.status).toBe(302);
    expect(new URL(answer.headers.get('location') ?? '', PUBLIC_ORIGIN).origin).toBe(PUBLIC_ORIGIN);
  });
});

describe('a session that was there before a sign-in', () => {
  const credentials = { password: PASSWORD };
  const statusWith = async (cookies: Map<string, string>) =>
    (await production.browser(new Map(cookies)).call('/api/v1/me')).status;

  it('ends with it, whoever it was of', async () => {
    const [ann, bob] = [await signedUp(production), await signedUp(production)];
    const ofAnn = new Map(ann.browser.cookies);
    for (const { email } of [ann, bob]) {
      const before = new Map(ann.browser.cookies);
      const json = { ...credentials, email };
      expect((await ann.browser.call('/api/auth/sign-in/email', { json })).status).toBe(200);
      expect([await statusWith(before), await statusWith(ann.browser.cookies)]).toEqual([401, 200]);
    }
    expect(await statusWith(ofAnn)).toBe(401);
    expect(await statusWith(bob.browser.cookies)).toBe(200);
  });

  it('ends where the password leads to a second factor, for the browser is told to forget it', async () => {
    const ann = await withTotp(production);
    const before = new Map(ann.browser.cookies);
    const json = { ...credentials, email: ann.email };
    expect((await ann.browser.call('/api/auth/sign-in/email', { json })).status).toBe(200);
    expect(await statusWith(before)).toBe(401);
    const code = await codeOf(ann.totpUri);
    const answer = await ann.browser.call('/api/auth/two-factor/verify-totp', { json: { code } });
    expect([answer.status, await statusWith(ann.browser.cookies)]).toEqual([200, 200]);
  });

  it('stays where the sign-in is refused', async () => {
    const { email, browser } = await signedUp(production);
    const json = { email, password: 'not the password' };
    expect((await browser.call('/api/auth/sign-in/email', { json })).status).toBe(401);
    expect(await statusWith(browser.cookies)).toBe(200);
  });
});

it('what somebody is told because they are signed in is kept by no cache', async () => {
  const { browser } = await signedUp(production, 'admin');
  for (const path of [
    '/api/v1/tracks',
    '/api/v1/security-events',
    '/api/v1/operator/dead-letters',
    '/api/v1/me',
  ]) {
    const answer = await browser.call(path);
    expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
  }
});

it('a password is as long as it looks: 128 characters of two units each are not too many', async () => {
  const person = { ...somebody(), password: '🐦🐧🦜🦚🦉🎻🎺🥁'.repeat(16) };
  const answer = await accountsIn('development').browser().call('/api/auth/sign-up/email', { json: person });
  expect(answer.status).toBe(200);
  expect((await signIn(accountsIn('development'), person)).answer.status).toBe(200);
  const longer = { ...somebody(), password: `${person.password}🐦` };
  const refused = await production.browser().call('/api/auth/sign-up/email', { json: longer });
  await expectProblem(refused, 422, 'password_too_weak');
});

describe('a body that is too long to be honest', () => {
  const MEBIBYTE = 1 << 20;
  const json = JSON.stringify({ name: 'Ann', padding: 'x'.repeat(MEBIBYTE) });
  const streamed = () =>
    new Blob([json])
      .stream()
      .pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>());

  it.each([
    ['PATCH', '/api/v1/me'],
    ['POST', '/api/auth/sign-out'],
    ['POST', '/api/auth/change-password'],
    ['POST', '/api/auth/oauth2/token'],
  ])('is refused before it is read whole: %s %s', async (method, path) => {
    const { browser } = await signedUp(production);
    const headers = {
      'content-type': path.endsWith('/token') ? 'application/x-www-form-urlencoded' : 'application/json',
    };
    const told = { method, body: json, headers: { ...headers, 'content-length': String(json.length) } };
    await expectProblem(await browser.call(path, told), 400, 'validation_failed');
    await expectProblem(
      await browser.call(path, { method, body: streamed(), headers }),
      400,
      'validation_failed',
    );
    expect((await browser.call('/api/v1/me', { method: 'PATCH', json: { name: 'Ann' } })).status).toBe(200);
  });
});
