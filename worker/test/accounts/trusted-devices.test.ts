import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountsIn, type Browser, PASSWORD } from '../support/accounts.ts';
import { codeOf, halfSignedIn, withTotp } from '../support/factors.ts';
import { freshAddress } from '../support/limits.ts';

const production = accountsIn('production');
/** The limiter keeps its own times, so whoever comes from another time comes from an address of their own. */
const from = { 'cf-connecting-ip': '10.255.0.1' };

const verify = (browser: Browser, code: string, more = {}) =>
  browser.call('/api/auth/two-factor/verify-totp', { json: { code, ...more }, headers: from });

function laterBy(ms: number): void {
  from['cf-connecting-ip'] = freshAddress();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}

afterEach(() => {
  from['cf-connecting-ip'] = freshAddress();
  vi.useRealTimers();
});

describe('a trusted device', () => {
  async function trusting(person: Awaited<ReturnType<typeof withTotp>>): Promise<Browser> {
    const { browser } = await halfSignedIn(production, person);
    expect((await verify(browser, await codeOf(person.totpUri), { trustDevice: true })).status).toBe(200);
    return browser;
  }
  const again = (browser: Browser, { email, password }: { email: string; password: string }) =>
    browser.call('/api/auth/sign-in/email', { json: { email, password }, headers: from });

  it('is asked for the password only, for thirty days', async () => {
    const person = await withTotp(production);
    const browser = await trusting(person);
    expect(await (await again(browser, person)).json()).not.toHaveProperty('twoFactorRedirect');
    laterBy(31 * 86_400_000);
    expect(await (await again(browser, person)).json()).toMatchObject({ twoFactorRedirect: true });
  });

  it('is not trusted on another account', async () => {
    const person = await withTotp(production);
    const other = await withTotp(production);
    expect(await (await again(await trusting(person), other)).json()).toMatchObject({
      twoFactorRedirect: true,
    });
  });

  it.each([
    ['a factor', '/api/auth/two-factor/generate-backup-codes', { password: PASSWORD }],
    [
      'the password',
      '/api/auth/change-password',
      { currentPassword: PASSWORD, newPassword: 'another bird at noon' },
    ],
  ])('is trusted no more after %s has changed', async (_, path, json) => {
    const person = await withTotp(production);
    const browser = await trusting(person);
    expect((await person.browser.call(path, { json })).status).toBe(200);
    const password = 'newPassword' in json ? String(json.newPassword) : PASSWORD;
    expect(await (await again(browser, { ...person, password })).json()).toMatchObject({
      twoFactorRedirect: true,
    });
  });

  it('is trusted no more after a forgotten password was set anew', async () => {
    const person = await withTotp(production);
    const browser = await trusting(person);
    await browser.call('/api/auth/request-password-reset', { json: { email: person.email } });
    const { token } = (await production.mailTo(person.email, 'reset_password')).data;
    const newPassword = 'another bird at noon';
    expect((await browser.call('/api/auth/reset-password', { json: { token, newPassword } })).status).toBe(
      200,
    );
    const answer = await again(browser, { ...person, password: newPassword });
    expect(await answer.json()).toMatchObject({ twoFactorRedirect: true });
  });
});
