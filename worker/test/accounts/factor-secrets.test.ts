import { describe, expect, it, vi } from 'vitest';
import { accountsIn, type Browser, PUBLIC_ORIGIN } from '../support/accounts.ts';
import { bindingsWith } from '../support/api.ts';
import { authenticator } from '../support/authenticator.ts';
import { addPasskey, codeOf, halfSignedIn, showPasskey, withTotp } from '../support/factors.ts';
import { internet, visitProvider } from '../support/internet.ts';
import { oidcProvider } from '../support/oidc-provider.ts';
import { AUTH_SECRETS } from '../support/people.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const production = accountsIn('production');

const verify = (browser: Browser, code: string, more = {}) =>
  browser.call('/api/auth/two-factor/verify-totp', { json: { code, ...more } });
const recover = (browser: Browser, code: string) =>
  browser.call('/api/auth/two-factor/verify-backup-code', { json: { code } });

describe('the secrets of an installation', () => {
  it('may be rotated: apps and recovery codes go on, sessions do not', async () => {
    const { k1 } = AUTH_SECRETS.keys;
    const old = accountsIn(
      'production',
      bindingsWith({ AUTH_SECRETS: JSON.stringify({ current: 'k1', keys: { k1 } }) }),
    );
    const person = await withTotp(old);
    const [row] = await rowsOf<{ secret: string }>(
      'SELECT secret FROM user_two_factors WHERE user_id = ?',
      person.id,
    );
    expect(row?.secret).toMatch(/^\$ba\$1\$/);
    await expectProblem(
      await production.browser(person.browser.cookies).call('/api/v1/me'),
      401,
      'unauthenticated',
    );
    const one = await halfSignedIn(production, person);
    expect((await verify(one.browser, await codeOf(person.totpUri))).status).toBe(200);
    const two = await halfSignedIn(production, person);
    expect((await recover(two.browser, person.recoveryCodes[0] ?? '')).status).toBe(200);
  });
});

describe('the secret of an authenticator app', () => {
  it('is shown when it is made and never again', async () => {
    const { browser, password, totpUri } = await withTotp(production);
    const json = { password };
    const asked = await browser.call('/api/auth/two-factor/get-totp-uri', { json });
    await expectProblem(asked, 404, 'not_found');
    await expectProblem(await browser.call('/api/auth/two-factor/enable', { json }), 409, 'factor_conflict');
    const session = await (await browser.call('/api/auth/get-session')).text();
    expect(session).not.toContain(new URL(totpUri).searchParams.get('secret'));
  });
});

describe('the log', () => {
  it('holds nothing of second factors, passkeys or providers that opens anything', async () => {
    const lines: string[] = [];
    for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, name).mockImplementation((...args) => void lines.push(args.map(String).join(' ')));
    }
    const client = { clientId: 'melro', clientSecret: 'a-secret-of-this-test' };
    const oidc = { ...client, name: 'Company', issuer: 'https://log.example' };
    const loud = accountsIn(
      'production',
      bindingsWith({ LOG_LEVEL: 'info', AUTH_PROVIDERS: JSON.stringify({ oidc }) }),
    );
    const person = await withTotp(loud);
    const device = authenticator();
    expect((await addPasskey(person.browser, device)).status).toBe(200);
    device.verifiesUser = false;
    await showPasskey(loud.browser(), device);
    const code = await codeOf(person.totpUri);
    const { browser } = await halfSignedIn(loud, person);
    const half = browser.cookies.get('__Host-melro.two_factor') ?? '';
    await recover(browser, 'zzzzz-zzzzz');
    expect((await verify(browser, code)).status).toBe(200);
    await verify(browser, code);
    const claims = { sub: 'sub-of-the-log', email: person.email, email_verified: true, name: person.email };
    const redirectUris = [`${PUBLIC_ORIGIN}/api/auth/callback/oidc`];
    const site = await oidcProvider(oidc.issuer, { ...client, redirectUris }, claims);
    internet(site);
    const good = await visitProvider(loud.browser(), site, 'oidc');
    site.tampering = { isForged: true };
    const bad = await visitProvider(loud.browser(), site, 'oidc');
    const swapped = await visitProvider(loud.browser(), site, 'oidc', {
      meddle: (callback) => callback.searchParams.set('state', 'another-state-altogether'),
    });
    expect(lines.join('\n')).toContain('"/api/auth/callback/:id"');
    for (const secret of [
      ...[code, half, half.slice(0, 20), 'zzzzz-zzzzz', person.email, client.clientSecret],
      ...[...person.recoveryCodes, new URL(person.totpUri).searchParams.get('secret') ?? ''],
      ...[good, bad, swapped].flatMap(({ callback }) => [...callback.searchParams.values()]),
    ]) {
      expect(secret.length).toBeGreaterThan(4);
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
    for (const line of lines) expect(() => JSON.parse(line), line).not.toThrow();
  });
});
