import { describe, expect, it } from 'vitest';
import { accountsIn, PUBLIC_ORIGIN, signedUp, signIn } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { authenticator, type CreationOptions, type RequestOptions } from '../support/authenticator.ts';
import { addPasskey, halfSignedIn, showPasskey, signedInLongAgo, withTotp } from '../support/factors.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const production = accountsIn('production');

interface Passkey {
  id: string;
  name: string;
}

async function withPasskey() {
  const person = await signedUp(production);
  const device = authenticator();
  const added = await addPasskey(person.browser, device);
  expect(added.status).toBe(200);
  return { ...person, device, passkeyId: (await read<Passkey>(added)).id };
}

const list = async (browser: Awaited<ReturnType<typeof signedUp>>['browser']) =>
  read<Passkey[]>(await browser.call('/api/auth/passkey/list-user-passkeys'));

describe('a passkey', () => {
  it('is asked for to be found on the device and to verify the person, for the public origin alone', async () => {
    const { browser } = await signedUp(production);
    const create = await read<CreationOptions>(
      await browser.call('/api/auth/passkey/generate-register-options'),
    );
    expect(create.rp).toEqual({ id: new URL(PUBLIC_ORIGIN).hostname, name: 'Melro' });
    expect(create.authenticatorSelection).toMatchObject({
      residentKey: 'required',
      userVerification: 'required',
    });
    const stranger = production.browser();
    const get = await read<RequestOptions>(
      await stranger.call('/api/auth/passkey/generate-authenticate-options'),
    );
    expect(get).toMatchObject({ rpId: new URL(PUBLIC_ORIGIN).hostname, userVerification: 'required' });
    expect(get.allowCredentials).toBeUndefined();
  });

  it('is added, which ends other sessions and is told; then it signs in without a name or a password', async () => {
    const person = await signedUp(production);
    const other = await signIn(production, person);
    const device = authenticator();
    expect((await addPasskey(person.browser, device, 'The blue key')).status).toBe(200);
    await expectProblem(await other.browser.call('/api/v1/me'), 401, 'unauthenticated');
    const told = await production.mailTo(person.email, 'passkey_added');
    expect(told.data).toMatchObject({ passkeyName: 'The blue key' });
    const browser = production.browser();
    const answer = await showPasskey(browser, device);
    expect(answer.status).toBe(200);
    const token =
      decodeURIComponent(browser.cookies.get('__Host-melro.session_token') ?? '').split('.')[0] ?? '';
    expect(token).toHaveLength(43);
    expect(await answer.text()).not.toContain(token);
    expect(await read<{ id: string }>(await browser.call('/api/v1/me'))).toMatchObject({ id: person.id });
  });

  it('is listed, renamed and removed by its owner, who is told', async () => {
    const { browser, passkeyId, email } = await withPasskey();
    const rename = (name: string) =>
      browser.call('/api/auth/passkey/update-passkey', { json: { id: passkeyId, name } });
    expect((await rename('Work laptop')).status).toBe(200);
    await expectProblem(await rename('x'.repeat(81)), 400, 'validation_failed');
    expect((await list(browser)).map(({ id, name }) => [id, name])).toEqual([[passkeyId, 'Work laptop']]);
    const removed = await browser.call('/api/auth/passkey/delete-passkey', { json: { id: passkeyId } });
    expect(removed.status).toBe(200);
    expect(await list(browser)).toEqual([]);
    expect((await production.mailTo(email, 'two_factor_changed')).data).toMatchObject({
      change: 'passkey_removed',
    });
  });

  it('of somebody else does not exist', async () => {
    const [mine, theirs] = [await withPasskey(), await withPasskey()];
    for (const [path, more] of [
      ['delete-passkey', {}],
      ['update-passkey', { name: 'Mine now' }],
    ] as const) {
      const json = { id: theirs.passkeyId, ...more };
      await expectProblem(await mine.browser.call(`/api/auth/passkey/${path}`, { json }), 404, 'not_found');
    }
    expect(await list(theirs.browser)).toHaveLength(1);
  });

  it('is added and removed only soon after a sign-in', async () => {
    const { browser, id, passkeyId } = await withPasskey();
    await signedInLongAgo(id);
    const asked = await browser.call('/api/auth/passkey/generate-register-options');
    await expectProblem(asked, 403, 'recent_sign_in_required');
    const json = { response: {}, name: 'x' };
    const verified = await browser.call('/api/auth/passkey/verify-registration', { json });
    await expectProblem(verified, 403, 'recent_sign_in_required');
    const removed = await browser.call('/api/auth/passkey/delete-passkey', { json: { id: passkeyId } });
    await expectProblem(removed, 403, 'recent_sign_in_required');
  });

  it('is refused, new or known, where the device did not verify the person', async () => {
    const careless = authenticator();
    careless.verifiesUser = false;
    const person = await signedUp(production);
    await expectProblem(await addPasskey(person.browser, careless), 401, 'passkey_refused');
    expect(await list(person.browser)).toEqual([]);
    const { device } = await withPasskey();
    device.verifiesUser = false;
    const browser = production.browser();
    await expectProblem(await showPasskey(browser, device), 401, 'passkey_refused');
    expect(browser.cookies.has('__Host-melro.session_token')).toBe(false);
  });

  it('is refused for another origin, a second time, or without its challenge', async () => {
    const { device, browser: signedIn } = await withPasskey();
    const browser = production.browser();
    await expectProblem(
      await showPasskey(browser, device, 'https://melro.example.evil.example'),
      401,
      'passkey_refused',
    );
    const phished = await addPasskey(signedIn, authenticator(), 'x', 'https://elsewhere.example');
    await expectProblem(phished, 401, 'passkey_refused');
    const asked = await browser.call('/api/auth/passkey/generate-authenticate-options');
    const response = await device.get(await read<RequestOptions>(asked), PUBLIC_ORIGIN);
    const call = () => browser.call('/api/auth/passkey/verify-authentication', { json: { response } });
    const cookies = new Map(browser.cookies);
    expect((await call()).status).toBe(200);
    browser.cookies.clear();
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    await expectProblem(await call(), 401, 'passkey_refused');
    browser.cookies.clear();
    await expectProblem(await call(), 401, 'passkey_refused');
  });

  it('is refused where its key is not the one that signed', async () => {
    const { device, id } = await withPasskey();
    const { id: otherId } = await withPasskey();
    await rowsOf(
      'UPDATE user_passkeys SET public_key = (SELECT public_key FROM user_passkeys WHERE user_id = ?) WHERE user_id = ? RETURNING id',
      otherId,
      id,
    );
    await expectProblem(await showPasskey(production.browser(), device), 401, 'passkey_refused');
  });

  it('that was copied is refused once its counter falls behind', async () => {
    const { device, id } = await withPasskey();
    expect((await showPasskey(production.browser(), device)).status).toBe(200);
    await rowsOf('UPDATE user_passkeys SET counter = 100 WHERE user_id = ? RETURNING id', id);
    await expectProblem(await showPasskey(production.browser(), device), 401, 'passkey_refused');
  });

  it('that nobody registered is refused', async () => {
    const { device, id } = await withPasskey();
    await rowsOf('DELETE FROM user_passkeys WHERE user_id = ? RETURNING id', id);
    await expectProblem(await showPasskey(production.browser(), device), 401, 'passkey_refused');
  });

  it('finishes the step after the password in place of a code, and what was begun is over', async () => {
    const person = await withTotp(production);
    const device = authenticator();
    expect((await addPasskey(person.browser, device)).status).toBe(200);
    const { browser, methods } = await halfSignedIn(production, person);
    expect(methods).toEqual(['totp', 'recovery-code', 'passkey']);
    const half = new Map(browser.cookies);
    expect((await showPasskey(browser, device)).status).toBe(200);
    expect(await read<{ id: string }>(await browser.call('/api/v1/me'))).toMatchObject({ id: person.id });
    const [code = ''] = person.recoveryCodes;
    const answer = await production
      .browser(half)
      .call('/api/auth/two-factor/verify-backup-code', { json: { code } });
    await expectProblem(answer, 401, 'sign_in_expired');
  });

  it('shows once more that it is the owner: the session is recent again, under a new token', async () => {
    const { browser, device, id } = await withPasskey();
    await signedInLongAgo(id);
    const before = new Map(browser.cookies);
    expect((await showPasskey(browser, device)).status).toBe(200);
    expect((await browser.call('/api/auth/passkey/generate-register-options')).status).toBe(200);
    await expectProblem(await production.browser(before).call('/api/v1/me'), 401, 'unauthenticated');
    expect(await rowsOf('SELECT id FROM user_sessions WHERE user_id = ?', id)).toHaveLength(1);
  });

  it('that is the last way in cannot be removed', async () => {
    const { browser, passkeyId, id } = await withPasskey();
    await rowsOf('DELETE FROM user_credentials WHERE user_id = ? RETURNING id', id);
    const json = { id: passkeyId };
    await expectProblem(
      await browser.call('/api/auth/passkey/delete-passkey', { json }),
      409,
      'last_credential',
    );
    expect(await list(browser)).toHaveLength(1);
    expect((await addPasskey(browser, authenticator())).status).toBe(200);
    expect((await browser.call('/api/auth/passkey/delete-passkey', { json })).status).toBe(200);
  });
});
