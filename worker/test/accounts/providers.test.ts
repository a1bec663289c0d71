import { describe, expect, it } from 'vitest';
import { accountsIn, PUBLIC_ORIGIN, signedUp, somebody } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { codeOf, withTotp } from '../support/factors.ts';
import { arrive, internet, visitProvider } from '../support/internet.ts';
import { discord, github } from '../support/oauth-apis.ts';
import { oidcProvider, type Tampering } from '../support/oidc-provider.ts';
import {
  claimant,
  clientAt,
  ISSUER,
  type Me,
  me,
  usersOf,
  WITH_PROVIDERS,
  withProvider,
} from '../support/providers.ts';
import { expectProblem } from '../support/refusals.ts';

const { production, site } = await withProvider();

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
    // Somebody else was signed in in this browser.
    const { browser } = await signedUp(production);
    const before = new Map(browser.cookies);
    const { page } = await visitProvider(browser, site, 'oidc', { callbackURL: '/library' });
    expect(page).toBe('/two-factor?next=%2Flibrary&methods=totp+recovery-code');
    // What makes the device known signs nobody in.
    expect([...browser.cookies.keys()].toSorted()).toEqual([
      '__Host-melro.device',
      '__Host-melro.two_factor',
    ]);
    await expectProblem(await production.browser(before).call('/api/v1/me'), 401, 'unauthenticated');
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
    const json = { code: await codeOf(person.totpUri) };
    expect((await browser.call('/api/auth/two-factor/verify-totp', { json })).status).toBe(200);
    expect(await me(browser)).toMatchObject({ id: person.id });
  });

  it('says so where the provider does not answer', async () => {
    const bindings = bindingsWith(WITH_PROVIDERS);
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

describe('GitHub, Discord and Google', () => {
  it('GitHub: the primary address counts, and only checked', async () => {
    const { email, handle: login } = somebody();
    const emails = [
      { email: somebody().email, primary: false, verified: true },
      { email, primary: true, verified: true },
    ];
    const hub = github(clientAt('github'), { id: Date.now(), login, name: 'Octo Cat', emails });
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
    const there = discord(clientAt('discord'), person);
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
    const google = await oidcProvider('https://accounts.google.com', clientAt('google'), claimant());
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
