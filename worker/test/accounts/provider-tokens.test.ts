import { describe, expect, it } from 'vitest';
import { openToken } from '../../src/features/accounts/providers/token-sealing.ts';
import type { AuthSecrets } from '../../src/platform/auth/auth-secrets.ts';
import type { Browser } from '../support/accounts.ts';
import { visitProvider } from '../support/internet.ts';
import { AUTH_SECRETS } from '../support/people.ts';
import { claimant, me, withProvider } from '../support/providers.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const { production, site } = await withProvider();

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
