import { describe, expect, it } from 'vitest';
import { accountsIn, type Browser, PASSWORD, signedUp, signIn } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { type Authenticator, authenticator } from '../support/authenticator.ts';
import {
  addPasskey,
  codeOf,
  halfSignedIn,
  showPasskey,
  signedInLongAgo,
  withTotp,
} from '../support/factors.ts';
import { expectProblem } from '../support/refusals.ts';
import { eventually, rowsOf } from '../support/state.ts';

const production = accountsIn('production');

interface Enabled {
  backupCodes?: string[];
}

const turnOn = (browser: Browser, json = {}) => browser.call('/api/auth/two-factor/enable-passkey', { json });
const turnOff = (browser: Browser, json = {}) =>
  browser.call('/api/auth/two-factor/disable-passkey', { json });
const statusOf = async (browser: Browser) => (await browser.call('/api/auth/two-factor/status')).json();
const recover = (browser: Browser, code: string) =>
  browser.call('/api/auth/two-factor/verify-backup-code', { json: { code } });
const lastChange = async (email: string) =>
  (await production.mailTo(email, 'two_factor_changed')).data as unknown as { change: string };

/** Somebody who is asked for a passkey after the password, and has no authenticator app. */
async function withPasskeyStep() {
  const person = await signedUp(production);
  const device = authenticator();
  const { id: passkeyId } = await read<{ id: string }>(await addPasskey(person.browser, device));
  const answer = await turnOn(person.browser);
  expect(answer.status).toBe(200);
  const { backupCodes = [] } = await read<Enabled>(answer);
  return { ...person, device, passkeyId, recoveryCodes: backupCodes };
}

async function addAnother(browser: Browser): Promise<{ device: Authenticator; id: string }> {
  const device = authenticator();
  return { device, id: (await read<{ id: string }>(await addPasskey(browser, device))).id };
}

async function withAppBeside(person: { browser: Browser }): Promise<string> {
  const enabled = await person.browser.call('/api/auth/two-factor/enable', { json: {} });
  const started = await read<{ totpURI: string }>(enabled);
  expect(started).not.toHaveProperty('backupCodes');
  const code = await codeOf(started.totpURI, -1);
  const json = { code };
  expect((await person.browser.call('/api/auth/two-factor/verify-totp', { json })).status).toBe(200);
  return started.totpURI;
}

describe('a passkey after the password', () => {
  it('is asked for with no app beside it, and finishes the sign-in', async () => {
    const person = await withPasskeyStep();
    expect(new Set(person.recoveryCodes).size).toBe(10);
    expect(await statusOf(person.browser)).toEqual({
      hasTotp: false,
      asksPasskey: true,
      recoveryCodesLeft: 10,
    });
    const { browser, methods } = await halfSignedIn(production, person);
    expect(methods).toEqual(['recovery-code', 'passkey']);
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
    const code = await browser.call('/api/auth/two-factor/verify-totp', { json: { code: '123456' } });
    expect(code.status).toBeGreaterThanOrEqual(400);
    expect((await showPasskey(browser, person.device)).status).toBe(200);
    expect(await read<{ id: string }>(await browser.call('/api/v1/me'))).toMatchObject({ id: person.id });
  });

  it('is not asked for before it was turned on', async () => {
    const person = await signedUp(production);
    await addPasskey(person.browser, authenticator());
    expect(await statusOf(person.browser)).toEqual({
      hasTotp: false,
      asksPasskey: false,
      recoveryCodesLeft: 0,
    });
    const { answer } = await signIn(production, person);
    expect(await answer.json()).not.toHaveProperty('twoFactorRedirect');
  });

  it('ends other sessions when it is turned on, is told and recorded', async () => {
    const person = await signedUp(production);
    await addPasskey(person.browser, authenticator());
    const other = await signIn(production, person);
    expect((await turnOn(person.browser)).status).toBe(200);
    await expectProblem(await other.browser.call('/api/v1/me'), 401, 'unauthenticated');
    expect((await person.browser.call('/api/v1/me')).status).toBe(200);
    expect(await lastChange(person.email)).toMatchObject({ change: 'passkey_step_added' });
    await eventually(async () => {
      const events = await rowsOf<{ event: string; details: string }>(
        "SELECT event, details FROM security_events WHERE subject_id = ? AND event = 'two_factor_enabled'",
        person.id,
      );
      expect(events).toHaveLength(1);
      expect(events[0]?.details).toContain('passkey');
    });
  });

  it('cannot be turned on without a passkey, nor by another’s', async () => {
    const person = await signedUp(production);
    await withPasskeyStep();
    await expectProblem(await turnOn(person.browser), 409, 'factor_conflict');
    const { answer } = await signIn(production, person);
    expect(await answer.json()).not.toHaveProperty('twoFactorRedirect');
    expect(await rowsOf('SELECT id FROM user_two_factors WHERE user_id = ?', person.id)).toEqual([]);
  });

  it('is finished by a recovery code where the device is lost, once', async () => {
    const person = await withPasskeyStep();
    const [code = ''] = person.recoveryCodes;
    const first = await halfSignedIn(production, person);
    expect((await recover(first.browser, code)).status).toBe(200);
    expect(await statusOf(first.browser)).toMatchObject({ recoveryCodesLeft: 9 });
    const second = await halfSignedIn(production, person);
    await expectProblem(await recover(second.browser, code), 401, 'code_refused');
  });

  it('turned on again hands out no other recovery codes', async () => {
    const person = await withPasskeyStep();
    expect(await read<Enabled>(await turnOn(person.browser))).not.toHaveProperty('backupCodes');
    const { browser } = await halfSignedIn(production, person);
    expect((await recover(browser, person.recoveryCodes[0] ?? '')).status).toBe(200);
  });

  it('is turned on and off only soon after a sign-in, or with the password', async () => {
    const person = await withPasskeyStep();
    await signedInLongAgo(person.id);
    for (const turn of [turnOn, turnOff]) {
      await expectProblem(await turn(person.browser), 403, 'recent_sign_in_required');
      const wrong = await turn(person.browser, { password: 'not the password' });
      await expectProblem(wrong, 401, 'invalid_credentials');
    }
    expect(await statusOf(person.browser)).toMatchObject({ asksPasskey: true });
    expect((await turnOff(person.browser, { password: PASSWORD })).status).toBe(200);
  });

  it('is turned off, which is told; then the password is enough', async () => {
    const person = await withPasskeyStep();
    expect((await turnOff(person.browser)).status).toBe(200);
    expect(await lastChange(person.email)).toMatchObject({ change: 'disabled' });
    const { answer } = await signIn(production, person);
    expect(await answer.json()).not.toHaveProperty('twoFactorRedirect');
    expect(await rowsOf('SELECT id FROM user_two_factors WHERE user_id = ?', person.id)).toEqual([]);
  });

  it('is asked for no more once the last passkey is removed, which the mail says', async () => {
    const person = await withPasskeyStep();
    const another = await addAnother(person.browser);
    const remove = (id: string) => person.browser.call('/api/auth/passkey/delete-passkey', { json: { id } });
    expect((await remove(another.id)).status).toBe(200);
    expect(await lastChange(person.email)).toMatchObject({ change: 'passkey_removed' });
    expect(await statusOf(person.browser)).toMatchObject({ asksPasskey: true });
    expect((await remove(person.passkeyId)).status).toBe(200);
    expect(await lastChange(person.email)).toMatchObject({ change: 'last_passkey_removed' });
    expect(await statusOf(person.browser)).toEqual({
      hasTotp: false,
      asksPasskey: false,
      recoveryCodesLeft: 0,
    });
    const { answer } = await signIn(production, person);
    expect(await answer.json()).not.toHaveProperty('twoFactorRedirect');
  });

  it('turned on while the last passkey is removed leaves nobody with a step they cannot take', async () => {
    for (let round = 0; round < 5; round++) {
      const person = await signedUp(production);
      const { id } = await read<{ id: string }>(await addPasskey(person.browser, authenticator()));
      await Promise.all([
        turnOn(person.browser),
        person.browser.call('/api/auth/passkey/delete-passkey', { json: { id } }),
      ]);
      expect(await rowsOf('SELECT id FROM user_passkeys WHERE user_id = ?', person.id)).toEqual([]);
      const { answer } = await signIn(production, person);
      expect(await answer.json()).not.toHaveProperty('twoFactorRedirect');
    }
  });
});

describe('an authenticator app beside a passkey that is asked for', () => {
  it('shares its recovery codes: none are made, none are lost while it is being set up', async () => {
    const person = await withPasskeyStep();
    expect((await person.browser.call('/api/auth/two-factor/enable', { json: {} })).status).toBe(200);
    const { browser, methods } = await halfSignedIn(production, person);
    expect(methods).toEqual(['recovery-code', 'passkey']);
    expect((await recover(browser, person.recoveryCodes[0] ?? '')).status).toBe(200);
  });

  it('is removed alone: the passkey is still asked for, and the mail says so', async () => {
    const person = await withPasskeyStep();
    const totpUri = await withAppBeside(person);
    const both = await halfSignedIn(production, person);
    expect(both.methods).toEqual(['totp', 'recovery-code', 'passkey']);
    const off = await person.browser.call('/api/auth/two-factor/disable', { json: {} });
    expect(off.status).toBe(200);
    expect(await lastChange(person.email)).toMatchObject({ change: 'app_removed' });
    const { browser, methods } = await halfSignedIn(production, person);
    expect(methods).toEqual(['recovery-code', 'passkey']);
    const json = { code: await codeOf(totpUri) };
    const refused = await browser.call('/api/auth/two-factor/verify-totp', { json });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect((await recover(browser, person.recoveryCodes[0] ?? '')).status).toBe(200);
  });

  it('is still asked for when passkeys are not', async () => {
    const person = await withTotp(production);
    await addPasskey(person.browser, authenticator());
    expect(await read<Enabled>(await turnOn(person.browser))).not.toHaveProperty('backupCodes');
    expect((await turnOff(person.browser)).status).toBe(200);
    expect(await lastChange(person.email)).toMatchObject({ change: 'passkey_step_removed' });
    const { browser } = await halfSignedIn(production, person);
    const json = { code: await codeOf(person.totpUri) };
    expect((await browser.call('/api/auth/two-factor/verify-totp', { json })).status).toBe(200);
  });
});

describe('the last ways in', () => {
  it('removed at the same moment leave one', async () => {
    for (let round = 0; round < 5; round++) {
      const person = await signedUp(production);
      const ids: string[] = [];
      for (let i = 0; i < 4; i++) ids.push((await addAnother(person.browser)).id);
      await rowsOf('DELETE FROM user_credentials WHERE user_id = ? RETURNING id', person.id);
      const answers = await Promise.all(
        ids.map((id) => person.browser.call('/api/auth/passkey/delete-passkey', { json: { id } })),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 409]);
      expect(await rowsOf('SELECT id FROM user_passkeys WHERE user_id = ?', person.id)).toHaveLength(1);
    }
  });
});
