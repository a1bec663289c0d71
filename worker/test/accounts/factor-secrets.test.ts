import { symmetricEncrypt } from 'better-auth/crypto';
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

describe('recovery codes', () => {
  const keptOf = async (userId: string) => {
    const [row] = await rowsOf<{ backup_codes: string }>(
      'SELECT backup_codes FROM user_two_factors WHERE user_id = ?',
      userId,
    );
    return row?.backup_codes ?? '';
  };

  it('are kept as salted hashes: what is in the database signs nobody in', async () => {
    const [person, other] = [await withTotp(production), await withTotp(production)];
    const kept = JSON.parse(await keptOf(person.id)) as string[];
    expect(kept).toHaveLength(10);
    for (const entry of kept) expect(entry).toMatch(/^k2\$[\w-]{22}\$[\w-]{43}$/);
    expect(new Set([...kept, ...(JSON.parse(await keptOf(other.id)) as string[])]).size).toBe(20);
    const { browser } = await halfSignedIn(production, person);
    await expectProblem(await recover(browser, kept[0] ?? ''), 401, 'code_refused');
    await expectProblem(await recover(browser, kept[0]?.split('$')[2] ?? ''), 401, 'code_refused');
    await expectProblem(await recover(browser, ''), 401, 'code_refused');
    expect((await recover(browser, person.recoveryCodes[0] ?? '')).status).toBe(200);
    expect(await keptOf(person.id)).toBe(JSON.stringify(kept.slice(1)));
  });

  it('of one person are nothing to another, also in their row', async () => {
    const [person, other] = [await withTotp(production), await withTotp(production)];
    const { browser } = await halfSignedIn(production, other);
    await expectProblem(await recover(browser, person.recoveryCodes[0] ?? ''), 401, 'code_refused');
  });

  it('that an earlier version encrypted go on, and are hashed at their first use', async () => {
    const person = await withTotp(production);
    const key = {
      keys: new Map(
        Object.entries(AUTH_SECRETS.keys).map(([id, { signing }]) => [Number(id.slice(1)), signing]),
      ),
      currentVersion: 2,
    };
    const sealed = await symmetricEncrypt({ key, data: JSON.stringify(person.recoveryCodes) });
    await rowsOf(
      'UPDATE user_two_factors SET backup_codes = ? WHERE user_id = ? RETURNING id',
      sealed,
      person.id,
    );
    const one = await halfSignedIn(production, person);
    await expectProblem(await recover(one.browser, 'zzzzz-zzzzz'), 401, 'code_refused');
    expect(JSON.parse(await keptOf(person.id))).toHaveLength(10);
    expect((await recover(one.browser, person.recoveryCodes[3] ?? '')).status).toBe(200);
    expect(JSON.parse(await keptOf(person.id))).toHaveLength(9);
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
