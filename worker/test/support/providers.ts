import { beforeEach } from 'vitest';
import { accountsIn, type Browser, PUBLIC_ORIGIN, somebody } from './accounts.ts';
import { bindingsWith, read } from './api.ts';
import { internet, visitProvider } from './internet.ts';
import { type Claimant, oidcProvider } from './oidc-provider.ts';
import { rowsOf } from './state.ts';

/** What every provider of these tests has given out to the installation. */
export const KEYS = { clientId: 'melro', clientSecret: 'a-secret-between-melro-and-the-provider' };
export const ISSUER = 'https://id.example';

/** Bindings with keys of all providers; how often one may try is tested apart, see worker/test/limits. */
export const WITH_PROVIDERS = {
  RATE_LIMIT_FACTOR: '1000',
  AUTH_PROVIDERS: JSON.stringify({
    google: KEYS,
    github: KEYS,
    discord: KEYS,
    oidc: { ...KEYS, name: 'Company', issuer: ISSUER },
  }),
};

/** Returns the client that a provider knows us as. */
export function clientAt(id: string) {
  return { ...KEYS, redirectUris: [`${PUBLIC_ORIGIN}/api/auth/callback/${id}`] };
}

/** Returns somebody with an account at the provider and none here. */
export function claimant(): Claimant {
  const { email, handle, name } = somebody();
  return { sub: `sub-${handle}`, email, email_verified: true, name, preferred_username: handle };
}

export interface Me {
  id: string;
  email: string;
  handle: string;
  name: string;
  emailVerified: boolean;
}

/** Returns who a browser is signed in as. */
export async function me(browser: Browser): Promise<Me> {
  return read<Me>(await browser.call('/api/v1/me'));
}

/** Returns the accounts with an address. */
export function usersOf(email: string) {
  return rowsOf<{ id: string }>('SELECT id FROM users WHERE email = ?', email);
}

/** Returns what somebody may sign in with, passkeys apart. */
export function credentialsOf(userId: string) {
  return rowsOf<{ id: string; provider_id: string; account_id: string }>(
    'SELECT id, provider_id, account_id FROM user_credentials WHERE user_id = ?',
    userId,
  );
}

/** Returns an installation with all providers, and the one that can be reached: each test meets somebody new there. */
export async function withProvider() {
  const production = accountsIn('production', bindingsWith(WITH_PROVIDERS));
  const site = await oidcProvider(ISSUER, clientAt('oidc'), claimant());
  beforeEach(() => {
    site.person = claimant();
    site.tampering = {};
    internet(site);
  });
  /** Connects the provider's account to who is signed in. */
  const link = (browser: Browser) =>
    visitProvider(browser, site, 'oidc', {
      path: '/api/auth/link-social',
      callbackURL: '/settings/security',
    });
  return { production, site, link };
}
