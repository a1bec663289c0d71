import { describe, expect, it } from 'vitest';
import { signedUp } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { authenticator } from '../support/authenticator.ts';
import { addPasskey, signedInLongAgo } from '../support/factors.ts';
import { visitProvider } from '../support/internet.ts';
import { claimant, credentialsOf, me, usersOf, withProvider } from '../support/providers.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const { production, site, link } = await withProvider();

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

  it('and a passkey, the last two ways in, removed at the same moment leave one', async () => {
    for (let round = 0; round < 4; round++) {
      site.person = claimant();
      const browser = production.browser();
      await visitProvider(browser, site, 'oidc');
      const person = await me(browser);
      const passkey = await read<{ id: string }>(await addPasskey(browser, authenticator()));
      const [connection] = await credentialsOf(person.id);
      const answers = await Promise.all([
        browser.call('/api/auth/unlink-account', { json: { accountId: connection?.id } }),
        browser.call('/api/auth/passkey/delete-passkey', { json: { id: passkey.id } }),
      ]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([200, 409]);
      const passkeys = await rowsOf('SELECT id FROM user_passkeys WHERE user_id = ?', person.id);
      expect((await credentialsOf(person.id)).length + passkeys.length).toBe(1);
    }
  });
});
