import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountsIn, type Browser, PASSWORD, signedUp, signIn } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { codeOf, halfSignedIn, withTotp } from '../support/factors.ts';
import { freshAddress } from '../support/limits.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const production = accountsIn('production');
/** The limiter keeps its own times, so whoever comes from another time comes from an address of their own. */
const from = { 'cf-connecting-ip': '10.255.0.1' };
const MINUTE_MS = 60_000;

const verify = (browser: Browser, code: string, more = {}) =>
  browser.call('/api/auth/two-factor/verify-totp', { json: { code, ...more }, headers: from });
const recover = (browser: Browser, code: string) =>
  browser.call('/api/auth/two-factor/verify-backup-code', { json: { code } });
const sessionsOf = (userId: string) =>
  rowsOf<{ id: string }>('SELECT id FROM user_sessions WHERE user_id = ?', userId);

function laterBy(ms: number): void {
  from['cf-connecting-ip'] = freshAddress();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}

afterEach(() => {
  from['cf-connecting-ip'] = freshAddress();
  vi.useRealTimers();
});

describe('an authenticator app', () => {
  it('is on only once its first code was typed, and from then on asked for after the password', async () => {
    const { browser, email, password, id } = await signedUp(production);
    const enabled = await browser.call('/api/auth/two-factor/enable', { json: { password } });
    const { totpURI, backupCodes } = await read<{ totpURI: string; backupCodes: string[] }>(enabled);
    expect(totpURI).toMatch(
      /^otpauth:\/\/totp\/Melro:.*secret=[A-Z2-7]{32,}&issuer=Melro&digits=6&period=30$/,
    );
    expect(new Set(backupCodes).size).toBe(10);
    expect(
      (await signIn(production, { email, password })).browser.cookies.has('__Host-melro.session_token'),
    ).toBe(true);
    await expectProblem(await verify(browser, '000000'), 401, 'code_refused');
    expect((await verify(browser, await codeOf(totpURI))).status).toBe(200);
    const { methods } = await halfSignedIn(production, { email, password });
    expect(methods).toEqual(['totp', 'recovery-code']);
    const [row] = await rowsOf<{ secret: string; backup_codes: string }>(
      'SELECT secret, backup_codes FROM user_two_factors WHERE user_id = ?',
      id,
    );
    const kept = JSON.stringify(row);
    expect(kept).toMatch(/"secret":"\$ba\$2\$[0-9a-f]+"/);
    for (const code of backupCodes) expect(kept).not.toContain(code);
  });

  it('ends every other session when it is set up, and its owner is told', async () => {
    const { browser, email, password, id } = await signedUp(production);
    const other = await signIn(production, { email, password });
    const enabled = await browser.call('/api/auth/two-factor/enable', { json: { password } });
    const { totpURI } = await read<{ totpURI: string }>(enabled);
    const before = new Map(browser.cookies);
    expect((await verify(browser, await codeOf(totpURI))).status).toBe(200);
    expect((await browser.call('/api/v1/me')).status).toBe(200);
    await expectProblem(await other.browser.call('/api/v1/me'), 401, 'unauthenticated');
    await expectProblem(await production.browser(before).call('/api/v1/me'), 401, 'unauthenticated');
    expect(await sessionsOf(id)).toHaveLength(1);
    expect((await production.mailTo(email, 'two_factor_changed')).data).toMatchObject({ change: 'enabled' });
  });

  it('signs in with the code of now', async () => {
    const person = await withTotp(production);
    const { browser } = await halfSignedIn(production, person);
    const answer = await verify(browser, await codeOf(person.totpUri));
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain('"token"');
    expect((await browser.call('/api/v1/me')).status).toBe(200);
    expect(browser.cookies.has('__Host-melro.two_factor')).toBe(false);
  });

  it('takes a code with the space that apps show', async () => {
    const person = await withTotp(production);
    const { browser } = await halfSignedIn(production, person);
    const code = await codeOf(person.totpUri);
    expect((await verify(browser, `${code.slice(0, 3)} ${code.slice(3)}`)).status).toBe(200);
  });

  it('takes a code once, and then none from before it', async () => {
    const person = await withTotp(production);
    const [previous, code] = [await codeOf(person.totpUri, -1), await codeOf(person.totpUri)];
    const first = await halfSignedIn(production, person);
    await expectProblem(await verify(first.browser, previous), 401, 'code_refused');
    expect((await verify(first.browser, code)).status).toBe(200);
    const second = await halfSignedIn(production, person);
    await expectProblem(await verify(second.browser, code), 401, 'code_refused');
    await expectProblem(await verify(second.browser, previous), 401, 'code_refused');
    await expectProblem(await second.browser.call('/api/v1/me'), 401, 'unauthenticated');
  });

  it('takes a code once also of many at the same time', async () => {
    const person = await withTotp(production);
    const browsers = [];
    for (let i = 0; i < 4; i++) browsers.push((await halfSignedIn(production, person)).browser);
    const code = await codeOf(person.totpUri);
    const answers = await Promise.all(browsers.map((browser) => verify(browser, code)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401]);
    expect(await sessionsOf(person.id)).toHaveLength(2);
  });

  it('refuses a code that is wrong, of another account, over, or not yet due', async () => {
    const [person, other] = [await withTotp(production), await withTotp(production)];
    const { browser } = await halfSignedIn(production, person);
    await expectProblem(await verify(browser, await codeOf(other.totpUri)), 401, 'code_refused');
    await expectProblem(await verify(browser, await codeOf(person.totpUri, -2)), 401, 'code_refused');
    await expectProblem(await verify(browser, await codeOf(person.totpUri, 2)), 401, 'code_refused');
    await expectProblem(await verify(browser, await codeOf(person.totpUri, 1)), 401, 'code_refused');
    await expectProblem(await verify(browser, ''), 401, 'code_refused');
  });

  it('takes five guesses a sign-in, then asks for the password again; ten, then waits', async () => {
    const person = await withTotp(production);
    const { browser } = await halfSignedIn(production, person);
    for (let i = 0; i < 5; i++) await expectProblem(await verify(browser, '000000'), 401, 'code_refused');
    expect(production.mails.filter(({ template }) => template === 'suspicious_sign_in')).toEqual([]);
    await expectProblem(await verify(browser, await codeOf(person.totpUri)), 401, 'sign_in_expired');
    await production.mailTo(person.email, 'suspicious_sign_in');
    await expectProblem(await verify(browser, await codeOf(person.totpUri, 1)), 401, 'sign_in_expired');
    const events = await rowsOf<{ event: string }>(
      "SELECT event FROM security_events WHERE subject_id = ? AND event = 'second_factor_failed'",
      person.id,
    );
    expect(events).toHaveLength(5);
    const again = await halfSignedIn(production, person);
    for (let i = 0; i < 5; i++)
      await expectProblem(await verify(again.browser, '000000'), 401, 'code_refused');
    const locked = await halfSignedIn(production, person);
    await expectProblem(await verify(locked.browser, await codeOf(person.totpUri, 1)), 429, 'rate_limited');
  });

  it('must be shown within ten minutes of the password', async () => {
    const person = await withTotp(production);
    const { browser } = await halfSignedIn(production, person);
    laterBy(11 * MINUTE_MS);
    await expectProblem(await verify(browser, await codeOf(person.totpUri)), 401, 'sign_in_expired');
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
  });

  it('is switched off with the password, which ends other sessions and is told', async () => {
    const person = await withTotp(production);
    const off = (password: string) =>
      person.browser.call('/api/auth/two-factor/disable', { json: { password } });
    await expectProblem(await off('not the password'), 401, 'invalid_credentials');
    const { browser } = await halfSignedIn(production, person);
    expect((await verify(browser, await codeOf(person.totpUri))).status).toBe(200);
    expect((await off(PASSWORD)).status).toBe(200);
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
    expect((await production.mailTo(person.email, 'two_factor_changed')).data).toMatchObject({
      change: 'disabled',
    });
    expect(await rowsOf('SELECT id FROM user_two_factors WHERE user_id = ?', person.id)).toEqual([]);
    expect((await signIn(production, person)).browser.cookies.has('__Host-melro.session_token')).toBe(true);
  });
});

describe('who has shown the password only', () => {
  it('has no session, whatever they call with the cookie they have', async () => {
    const person = await withTotp(production);
    const { browser } = await halfSignedIn(production, person);
    expect([...browser.cookies.keys()]).toEqual(['__Host-melro.two_factor']);
    expect(browser.lastSet.filter((line) => /session_token=[^;]/.test(line))).toEqual([]);
    expect(await sessionsOf(person.id)).toHaveLength(1);
    await expectProblem(await browser.call('/api/v1/me'), 401, 'unauthenticated');
    expect(await (await browser.call('/api/auth/get-session')).json()).toBeNull();
    for (const [path, json] of [
      ['/two-factor/enable', { password: PASSWORD }],
      ['/two-factor/disable', { password: PASSWORD }],
      ['/two-factor/generate-backup-codes', { password: PASSWORD }],
      ['/reauthenticate', { password: PASSWORD }],
      ['/reauthenticate/send-code', {}],
      ['/change-password', { currentPassword: PASSWORD, newPassword: 'another bird at noon' }],
      ['/change-email', { newEmail: 'else@people.example' }],
      ['/link-social', { provider: 'github' }],
    ] as const) {
      const answer = await browser.call(`/api/auth${path}`, { json });
      await expectProblem(answer, 401, 'unauthenticated');
    }
    const asSession = new Map([
      ['__Host-melro.session_token', browser.cookies.get('__Host-melro.two_factor') ?? ''],
    ]);
    await expectProblem(await production.browser(asSession).call('/api/v1/me'), 401, 'unauthenticated');
  });

  it('is sent no code by mail instead', async () => {
    const person = await withTotp(production);
    const { browser } = await halfSignedIn(production, person);
    await expectProblem(await browser.call('/api/auth/two-factor/send-otp', { json: {} }), 404, 'not_found');
    await expectProblem(
      await browser.call('/api/auth/two-factor/verify-otp', { json: { code: '1' } }),
      404,
      'not_found',
    );
    const plain = await signedUp(production);
    const json = { password: PASSWORD, method: 'otp' };
    const enabled = await plain.browser.call('/api/auth/two-factor/enable', { json });
    await expectProblem(enabled, 400, 'validation_failed');
    expect(production.mails.filter(({ template }) => template === 'email_code')).toEqual([]);
  });
});

describe('recovery codes', () => {
  it('sign in once each, however they are typed, and their owner is told', async () => {
    const person = await withTotp(production);
    const [first = '', second = ''] = person.recoveryCodes;
    const one = await halfSignedIn(production, person);
    expect((await recover(one.browser, ` ${first.toUpperCase().replace('-', ' ')}`)).status).toBe(200);
    expect((await one.browser.call('/api/v1/me')).status).toBe(200);
    const told = await production.mailTo(person.email, 'two_factor_changed');
    expect(told.data).toMatchObject({ change: 'recovery_code_used' });
    const two = await halfSignedIn(production, person);
    await expectProblem(await recover(two.browser, first), 401, 'code_refused');
    await expectProblem(await recover(two.browser, 'aaaaa-aaaaa'), 401, 'code_refused');
    expect((await recover(two.browser, second)).status).toBe(200);
  });

  it('admit one of many who use the same at the same time', async () => {
    const person = await withTotp(production);
    const browsers = [];
    for (let i = 0; i < 4; i++) browsers.push((await halfSignedIn(production, person)).browser);
    const answers = await Promise.all(
      browsers.map((browser) => recover(browser, person.recoveryCodes[0] ?? '')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await sessionsOf(person.id)).toHaveLength(2);
  });

  it('are worth nothing once new ones were made', async () => {
    const person = await withTotp(production);
    const json = { password: PASSWORD };
    const renewed = await person.browser.call('/api/auth/two-factor/generate-backup-codes', { json });
    const { backupCodes } = await read<{ backupCodes: string[] }>(renewed);
    const told = await production.mailTo(person.email, 'two_factor_changed');
    expect(told.data).toMatchObject({ change: 'recovery_codes_renewed' });
    const { browser } = await halfSignedIn(production, person);
    await expectProblem(await recover(browser, person.recoveryCodes[0] ?? ''), 401, 'code_refused');
    expect((await recover(browser, backupCodes[0] ?? '')).status).toBe(200);
  });
});
