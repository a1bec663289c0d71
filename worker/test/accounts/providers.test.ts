import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openToken } from '../../src/features/accounts/providers/token-sealing.ts';
import type { AuthSecrets } from '../../src/platform/auth/auth-secrets.ts';
import { accountsIn, PUBLIC_ORIGIN, signedUp, somebody } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { codeOf, signedInLongAgo, withTotp } from '../support/factors.ts';
import { arrive, internet, visitProvider } from '../support/internet.ts';
import { discord, github } from '../support/oauth-apis.ts';
import { oidcProvider, type Tampering } from '../support/oidc-provider.ts';
import { AUTH_SECRETS } from '../support/people.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const keys = { clientId: 'melro', clientSecret: 'a-secret-between-melro-and-the-provider' };
const client = (id: string) => ({ ...keys, redirectUris: [`${PUBLIC_ORIGIN}/api/auth/callback/${id}`] });
const ISSUER = 'https://id.example';
const AUTH_PROVIDERS = JSON.stringify({
  google: keys,
  github: keys,
  discord: keys,
  oidc: { ...keys, name: 'Company', issuer: ISSUER },
});
// How often one may try is tested apart: see worker/test/limits.
const RATE_LIMIT_FACTOR = '1000';
const production = accountsIn('production', bindingsWith({ AUTH_PROVIDERS, RATE_LIMIT_FACTOR }));

const claimant = () => {
  const { email, handle, name } = somebody();
  return { sub: `sub-${handle}`, email, email_verified: true, name, preferred_username: handle };
};
const site = await oidcProvider(ISSUER, client('oidc'), claimant());

beforeEach(() => {
  site.person = claimant();
  site.tampering = {};
  internet(site);
});

interface Me {
  id: string;
  email: string;
  handle: string;
  name: string;
  emailVerified: boolean;
}
type Browser = ReturnType<typeof production.browser>;
const me = async (browser: Browser) => read<Me>(await browser.call('/api/v1/me'));
const usersOf = (email: string) => rowsOf<{ id: string }>('SELECT id FROM users WHERE email = ?', email);
const credentialsOf = (userId: string) =>
  rowsOf<{ id: string; provider_id: string; account_id: string }>(
    'SELECT id, provider_id, account_id FROM user_credentials WHERE user_id = ?',
    userId,
  );
const link = (browser: Browser) =>
  visitProvider(browser, site, 'oidc', { path: '/api/auth/link-social', callbackURL: '/settings/security' });

describe('signing in with a provider', () => {
  it('makes an account of who comes for the first time and finds it again the next', async () => {
    const browser = production.browser();
    const { page } = await visitProvider(browser, site, 'oidc', { callbackURL: '/library?tab=new' });
    expect(page).toBe('/library?tab=new');
    const first = await me(browser);
    const { email, name, preferred_username: handle } = site.person;
    expect(first).toMatchObject({ email, name, handle, emailVerified: true });
    const again = production.browser();
    site.person = { ...site.person, email: somebody().email, name: 'Another Name' };
    await visitProvider(again, site, 'oidc');
    expect(await me(again)).toEqual(first);
  });

  it('asks with PKCE, state and nonce, never the same, for no more than who one is', async () => {
    site.asked.length = 0;
    for (let i = 0; i < 2; i++) await visitProvider(production.browser(), site, 'oidc');
    const [one, two] = site.asked;
    expect(one?.get('scope')).toBe('openid email profile');
    expect(one?.get('redirect_uri')).toBe(`${PUBLIC_ORIGIN}/api/auth/callback/oidc`);
    expect(one?.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one?.get(name)?.length, name).toBeGreaterThanOrEqual(32);
      expect(one?.get(name), name).not.toBe(two?.get(name));
    }
  });

  it('derives a handle that is free and allowed, which can be changed', async () => {
    const { handle: taken } = await signedUp(production);
    site.person.preferred_username = taken;
    const browser = production.browser();
    await visitProvider(browser, site, 'oidc');
    const { handle } = await me(browser);
    expect(handle).not.toBe(taken);
    expect(handle).toMatch(new RegExp(`^${taken.slice(0, 22)}_[0-9a-z]{7}$`));
    const wished = somebody().handle;
    const changed = await browser.call('/api/v1/me', { method: 'PATCH', json: { handle: wished } });
    expect(await read<Me>(changed)).toMatchObject({ handle: wished });
    site.person = {
      ...claimant(),
      preferred_username: 'Ádmin',
      name: 'Zoë\u202eŁ',
      email: `ab@${taken}.example`,
    };
    const other = production.browser();
    await visitProvider(other, site, 'oidc');
    expect((await me(other)).handle).toMatch(/^(?:zoe|blackbird|ab)/);
  });

  it('refuses a state that was swapped, is missing, or was used', async () => {
    const victim = production.browser();
    const attacker = production.browser();
    const other = await visitProvider(attacker, site, 'oidc');
    const swap = (callback: URL) =>
      callback.searchParams.set('state', other.callback.searchParams.get('state') ?? '');
    expect((await visitProvider(victim, site, 'oidc', { meddle: swap })).page).toMatch(
      /^\/sign-in\?error=state_mismatch/,
    );
    // The whole of an attacker's callback, in the victim's browser: it would sign them in to the attacker's account.
    site.person = claimant();
    let stolen = new URL(PUBLIC_ORIGIN);
    await visitProvider(production.browser(), site, 'oidc', {
      meddle: (callback) => {
        stolen = new URL(callback);
        callback.searchParams.delete('code');
      },
    });
    expect(await arrive(victim, stolen)).toMatch(/^\/sign-in\?error=state_mismatch/);
    const drop = (callback: URL) => callback.searchParams.delete('state');
    expect((await visitProvider(victim, site, 'oidc', { meddle: drop })).page).toMatch(
      /^\/sign-in\?error=state_not_found/,
    );
    expect(await arrive(attacker, other.callback)).toMatch(/^\/sign-in\?error=state_mismatch/);
    await expectProblem(await victim.call('/api/v1/me'), 401, 'unauthenticated');
  });

  it('refuses a code that belongs to another journey: its verifier is not this one’s', async () => {
    const browser = production.browser();
    let elsewhere = '';
    await visitProvider(production.browser(), site, 'oidc', {
      meddle: (callback) => {
        elsewhere = callback.searchParams.get('code') ?? '';
        callback.searchParams.set('code', 'none');
      },
    });
    const inject = (callback: URL) => callback.searchParams.set('code', elsewhere);
    const { page } = await visitProvider(browser, site, 'oidc', { meddle: inject });
    expect(page).toBe('/sign-in?error=invalid_code');
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
  });

  it('refuses an answer that names another issuer', async () => {
    const meddle = (callback: URL) => callback.searchParams.set('iss', 'https://other.example');
    const { page } = await visitProvider(production.browser(), site, 'oidc', { meddle });
    expect(page).toBe('/sign-in?error=issuer_mismatch');
  });

  it.each<[string, Tampering]>([
    ['with another nonce', { claims: (claims) => ({ ...claims, nonce: 'another' }) }],
    ['without a nonce', { claims: ({ nonce: _, ...claims }) => claims }],
    ['for another client', { claims: (claims) => ({ ...claims, aud: 'somebody-else' }) }],
    ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://other.example' }) }],
    ['that has expired', { claims: (claims) => ({ ...claims, exp: Number(claims.iat) - 1 }) }],
    ['that never expires', { claims: ({ exp: _, ...claims }) => claims }],
    ['made long ago', { claims: (claims) => ({ ...claims, iat: Number(claims.iat) - 7200 }) }],
    ['of nobody', { claims: ({ sub: _, ...claims }) => claims }],
    ['signed by another key', { isForged: true }],
    ['signed with the client’s secret', { isSymmetric: true }],
    ['that is missing', { hasNoIdToken: true }],
  ])('refuses an ID token %s', async (_, tampering) => {
    site.tampering = tampering;
    const browser = production.browser();
    const { page } = await visitProvider(browser, site, 'oidc');
    expect(page).toBe('/sign-in?error=unable_to_get_user_info');
    expect(browser.cookies.has('__Host-melro.session_token')).toBe(false);
    expect(await usersOf(site.person.email)).toEqual([]);
  });

  it('takes no ID token, scope or parameter from a page', async () => {
    for (const more of [
      { idToken: { token: 'x.y.z' } },
      { scopes: ['repo'] },
      { additionalParams: { prompt: 'none' } },
    ]) {
      const json = { provider: 'oidc', callbackURL: '/', ...more };
      await expectProblem(
        await production.browser().call('/api/auth/sign-in/social', { json }),
        400,
        'validation_failed',
      );
    }
  });

  it('leads back to our own pages only', async () => {
    for (const callbackURL of ['https://elsewhere.example/', '//elsewhere.example', 'javascript:alert(1)']) {
      const json = { provider: 'oidc', callbackURL };
      const answer = await production.browser().call('/api/auth/sign-in/social', {
        json,
        headers: { cookie: 'a=b' },
      });
      await expectProblem(answer, 403, 'forbidden');
    }
  });

  it('asks for the second factor of who has one', async () => {
    const person = await withTotp(production);
    site.person = { ...site.person, email: person.email };
    const browser = production.browser();
    const { page } = await visitProvider(browser, site, 'oidc', { callbackURL: '/library' });
    expect(page).toBe('/two-factor?next=%2Flibrary&methods=totp+recovery-code');
    expect([...browser.cookies.keys()]).toEqual(['__Host-melro.two_factor']);
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
    const json = { code: await codeOf(person.totpUri) };
    expect((await browser.call('/api/auth/two-factor/verify-totp', { json })).status).toBe(200);
    expect(await me(browser)).toMatchObject({ id: person.id });
  });

  it('says so where the provider does not answer', async () => {
    const bindings = bindingsWith({ AUTH_PROVIDERS, RATE_LIMIT_FACTOR });
    const fresh = accountsIn('production', bindings);
    internet({ hosts: [new URL(ISSUER).host], answer: () => new Response('down', { status: 502 }) });
    const ask = () => fresh.browser().call('/api/auth/sign-in/social', { json: { provider: 'oidc' } });
    await expectProblem(await ask(), 503, 'unavailable');
    internet({
      hosts: [new URL(ISSUER).host],
      answer: () => Response.json({ issuer: 'https://other.example' }),
    });
    await expectProblem(await ask(), 503, 'unavailable');
    internet(site);
    expect((await ask()).status).toBe(200);
  });
});

describe('an address that a provider names', () => {
  it('is believed where both sides have checked it: the account is the same, and its owner is told', async () => {
    const person = await signedUp(production);
    site.person = { ...site.person, email: person.email };
    const browser = production.browser();
    await visitProvider(browser, site, 'oidc');
    expect(await me(browser)).toMatchObject({ id: person.id });
    const told = await production.mailTo(person.email, 'two_factor_changed');
    expect(told.data).toMatchObject({ change: 'provider_linked' });
  });

  it('does not merge where the provider has not checked it', async () => {
    const person = await signedUp(production);
    site.person = { ...site.person, email: person.email, email_verified: false };
    const browser = production.browser();
    expect((await visitProvider(browser, site, 'oidc')).page).toBe('/sign-in?error=account_not_linked');
    expect((await credentialsOf(person.id)).map(({ provider_id }) => provider_id)).toEqual(['credential']);
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
  });

  it('does not merge where it is not confirmed here', async () => {
    const person = await signedUp(production);
    await rowsOf('UPDATE users SET email_verified = 0 WHERE id = ? RETURNING id', person.id);
    site.person = { ...site.person, email: person.email };
    expect((await visitProvider(production.browser(), site, 'oidc')).page).toBe(
      '/sign-in?error=account_not_linked',
    );
    expect(await credentialsOf(person.id)).toHaveLength(1);
  });

  it('makes no account where the provider has not checked it', async () => {
    site.person = { ...site.person, email_verified: false };
    const { page } = await visitProvider(production.browser(), site, 'oidc');
    expect(page).toMatch(/^\/sign-in\?error=email_not_verified/);
    expect(await usersOf(site.person.email)).toEqual([]);
  });
});

describe('connections', () => {
  it('are made and ended by who is signed in, which ends other sessions and is told', async () => {
    const person = await signedUp(production);
    const other = await production.browser();
    await other.call('/api/auth/sign-in/email', { json: { email: person.email, password: person.password } });
    expect((await link(person.browser)).page).toBe('/settings/security');
    await expectProblem(await other.call('/api/v1/me'), 401, 'unauthenticated');
    expect((await person.browser.call('/api/v1/me')).status).toBe(200);
    expect((await production.mailTo(person.email, 'two_factor_changed')).data).toMatchObject({
      change: 'provider_linked',
    });
    const browser = production.browser();
    await visitProvider(browser, site, 'oidc');
    expect(await me(browser)).toMatchObject({ id: person.id, email: person.email });
    const listed = await person.browser.call('/api/auth/list-accounts');
    const text = await listed.clone().text();
    expect(text).not.toMatch(/v1\.k|token/i);
    const connection = (await read<{ id: string; providerId: string }[]>(listed)).find(
      (c) => c.providerId === 'oidc',
    );
    const json = { accountId: connection?.id };
    expect((await person.browser.call('/api/auth/unlink-account', { json })).status).toBe(200);
    expect((await production.mailTo(person.email, 'two_factor_changed')).data).toMatchObject({
      change: 'provider_unlinked',
    });
    expect(await credentialsOf(person.id)).toHaveLength(1);
  });

  it('are not made with an account that somebody else has connected, nor on an address nobody checked', async () => {
    const [mine, theirs] = [await signedUp(production), await signedUp(production)];
    await link(theirs.browser);
    expect((await link(mine.browser)).page).toBe('/sign-in?error=account_already_linked_to_different_user');
    site.person = { ...claimant(), email_verified: false };
    expect((await link(mine.browser)).page).toMatch(/^\/sign-in\?error=/);
    expect(await credentialsOf(mine.id)).toHaveLength(1);
  });

  it('are changed only soon after a sign-in', async () => {
    const person = await signedUp(production);
    await link(person.browser);
    const id = (await credentialsOf(person.id)).find((c) => c.provider_id === 'oidc')?.id;
    await signedInLongAgo(person.id);
    const unlinked = await person.browser.call('/api/auth/unlink-account', { json: { accountId: id } });
    await expectProblem(unlinked, 403, 'recent_sign_in_required');
    const json = { provider: 'oidc', callbackURL: '/' };
    await expectProblem(
      await person.browser.call('/api/auth/link-social', { json }),
      403,
      'recent_sign_in_required',
    );
  });

  it('of others do not exist, and a password is not one', async () => {
    const [mine, theirs] = [await signedUp(production), await signedUp(production)];
    await link(theirs.browser);
    for (const { id } of [...(await credentialsOf(theirs.id)), ...(await credentialsOf(mine.id))]) {
      const answer = await mine.browser.call('/api/auth/unlink-account', { json: { accountId: id } });
      await expectProblem(answer, 404, 'not_found');
    }
    expect(await credentialsOf(theirs.id)).toHaveLength(2);
  });

  it('keep the last way in', async () => {
    const browser = production.browser();
    await visitProvider(browser, site, 'oidc');
    const { id } = await me(browser);
    const [connection] = await credentialsOf(id);
    const json = { accountId: connection?.id };
    await expectProblem(await browser.call('/api/auth/unlink-account', { json }), 409, 'last_credential');
    expect(await credentialsOf(id)).toHaveLength(1);
  });
});

describe('what a provider hands over', () => {
  interface Kept {
    id: string;
    user_id: string;
    access_token: string;
    refresh_token: string;
    id_token: string;
  }
  const keptOf = async (browser: Browser) => {
    const { id } = await me(browser);
    const [row] = await rowsOf<Kept>('SELECT * FROM user_credentials WHERE user_id = ?', id);
    if (row === undefined) throw new Error('nothing kept');
    return row;
  };
  const owner = ({ user_id: userId }: Kept) => ({ userId, providerId: 'oidc' });

  it('is unreadable at rest, and opens for its owner', async () => {
    const browser = production.browser();
    await visitProvider(browser, site, 'oidc');
    const kept = await keptOf(browser);
    expect(JSON.stringify(kept)).not.toMatch(/"at_|"rt_|eyJ/);
    for (const sealed of [kept.access_token, kept.refresh_token, kept.id_token])
      expect(sealed).toMatch(/^v1\.k2\./);
    expect(
      await openToken(AUTH_SECRETS, { ...owner(kept), field: 'accessToken' }, kept.access_token),
    ).toMatch(/^at_/);
    expect(
      await openToken(AUTH_SECRETS, { ...owner(kept), field: 'refreshToken' }, kept.refresh_token),
    ).toMatch(/^rt_/);
    // The next sign-in brings new ones, sealed as well.
    await visitProvider(production.browser(), site, 'oidc');
    const renewed = await keptOf(browser);
    expect(renewed.access_token).not.toBe(kept.access_token);
    expect(
      await openToken(AUTH_SECRETS, { ...owner(kept), field: 'accessToken' }, renewed.access_token),
    ).toMatch(/^at_/);
  });

  it('opens nowhere else: in another row, another column, under another provider or key, or changed', async () => {
    const [one, two] = [production.browser(), production.browser()];
    await visitProvider(one, site, 'oidc');
    site.person = claimant();
    await visitProvider(two, site, 'oidc');
    const [kept, other] = [await keptOf(one), await keptOf(two)];
    const open = (more: object, sealed = kept.access_token, secrets: AuthSecrets = AUTH_SECRETS) =>
      openToken(secrets, { ...owner(kept), field: 'accessToken', ...more }, sealed);
    expect(await open({})).toMatch(/^at_/);
    await expect(open({}, other.access_token)).rejects.toThrow();
    await expect(open({ field: 'refreshToken' })).rejects.toThrow();
    await expect(open({ providerId: 'google' })).rejects.toThrow();
    await expect(open({}, kept.access_token.replace('v1.k2.', 'v1.k1.'))).rejects.toThrow();
    const changed = kept.access_token.slice(0, -2) + (kept.access_token.endsWith('AA') ? 'BB' : 'AA');
    await expect(open({}, changed)).rejects.toThrow();
    const without = { current: 'k1', keys: { k1: AUTH_SECRETS.keys.k1 } };
    await expect(open({}, kept.access_token, without)).rejects.toThrow('no key k2');
  });

  it('is given to nobody', async () => {
    const browser = production.browser();
    await visitProvider(browser, site, 'oidc');
    const { id: accountId } = await keptOf(browser);
    for (const path of ['get-access-token', 'refresh-token']) {
      await expectProblem(await browser.call(`/api/auth/${path}`, { json: { accountId } }), 404, 'not_found');
    }
    await expectProblem(
      await browser.call(`/api/auth/account-info?accountId=${accountId}`),
      404,
      'not_found',
    );
  });
});

describe('GitHub, Discord and Google', () => {
  it('GitHub: the primary address counts, and only checked', async () => {
    const { email, handle: login } = somebody();
    const emails = [
      { email: somebody().email, primary: false, verified: true },
      { email, primary: true, verified: true },
    ];
    const hub = github(client('github'), { id: Date.now(), login, name: 'Octo Cat', emails });
    internet(hub);
    const browser = production.browser();
    expect((await visitProvider(browser, hub, 'github')).page).toBe('/welcome');
    expect(await me(browser)).toMatchObject({ email, handle: login, name: 'Octo Cat', emailVerified: true });
    hub.person = {
      ...hub.person,
      id: hub.person.id + 1,
      emails: [{ email, primary: true, verified: false }],
    };
    expect((await visitProvider(production.browser(), hub, 'github')).page).toMatch(
      /error=account_not_linked/,
    );
    const meddle = (callback: URL) => callback.searchParams.set('code', 'none');
    expect((await visitProvider(production.browser(), hub, 'github', { meddle })).page).toMatch(
      /\/sign-in\?error=/,
    );
    expect(hub.asked[0]?.get('scope')).toBe('read:user user:email');
  });

  it('Discord: with PKCE, and only with a checked address', async () => {
    const { email, handle: username } = somebody();
    const person = { id: String(Date.now()), username, global_name: 'Dis Cord', email, verified: true };
    const there = discord(client('discord'), person);
    internet(there);
    const browser = production.browser();
    expect((await visitProvider(browser, there, 'discord')).page).toBe('/welcome');
    expect(await me(browser)).toMatchObject({ email, handle: username, name: 'Dis Cord' });
    expect(there.asked[0]?.get('code_challenge_method')).toBe('S256');
    there.person = { ...person, id: `${person.id}1`, email: somebody().email, verified: false };
    expect((await visitProvider(production.browser(), there, 'discord')).page).toMatch(
      /error=email_not_verified/,
    );
  });

  it('Google: as any provider of OpenID Connect, by its own issuer', async () => {
    const google = await oidcProvider('https://accounts.google.com', client('google'), claimant());
    internet(google);
    const browser = production.browser();
    expect((await visitProvider(browser, google, 'google')).page).toBe('/welcome');
    expect(await me(browser)).toMatchObject({ email: google.person.email });
    google.tampering = { isForged: true };
    google.person = claimant();
    expect((await visitProvider(production.browser(), google, 'google')).page).toMatch(
      /unable_to_get_user_info/,
    );
  });
});

describe('what an installation is set up for', () => {
  const options = async (accounts: typeof production) =>
    read<object>(await accounts.api('/api/v1/auth-options'));

  it('names the providers it has keys of, and no secret', async () => {
    const providers = [
      { id: 'google', name: 'Google' },
      { id: 'github', name: 'GitHub' },
      { id: 'discord', name: 'Discord' },
      { id: 'oidc', name: 'Company' },
    ];
    const said = await options(production);
    expect(said).toMatchObject({ providers, hasPasskeys: true, isSignUpOpen: true, turnstileSiteKey: null });
    expect(JSON.stringify(said)).not.toContain(keys.clientSecret);
    const plain = accountsIn('production');
    expect(await options(plain)).toMatchObject({ providers: [] });
    const answer = await plain.browser().call('/api/auth/sign-in/social', { json: { provider: 'github' } });
    await expectProblem(answer, 404, 'not_found');
  });

  it('takes nobody new where sign-up is closed, by no way in', async () => {
    await signedUp(production);
    const closed = accountsIn(
      'production',
      bindingsWith({ AUTH_PROVIDERS, RATE_LIMIT_FACTOR, SIGN_UP: 'closed' }),
    );
    expect(await options(closed)).toMatchObject({ isSignUpOpen: false });
    const answer = await closed.browser().call('/api/auth/sign-up/email', { json: somebody() });
    await expectProblem(answer, 403, 'sign_up_closed');
    const { page } = await visitProvider(closed.browser(), site, 'oidc');
    expect(page).toMatch(/^\/sign-in\?error=sign_up_closed/);
    expect(await usersOf(site.person.email)).toEqual([]);
  });

  it('offers no passkeys on an address that browsers make none for', async () => {
    const numeric = accountsIn('development', bindingsWith({ PUBLIC_ORIGIN: 'http://127.0.0.1:5173' }));
    expect(await options(numeric)).toMatchObject({ hasPasskeys: false });
    vi.restoreAllMocks();
  });
});
