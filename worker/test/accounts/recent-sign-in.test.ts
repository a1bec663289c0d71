import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountsIn, type Browser, PASSWORD, signedUp, signIn, somebody } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { codeOf, signedInLongAgo, withTotp } from '../support/factors.ts';
import { freshAddress } from '../support/limits.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

// Guesses are limited apart from this: see worker/test/limits.
const production = accountsIn('production', bindingsWith({ RATE_LIMIT_FACTOR: '1000' }));
const post = (browser: Browser, path: string, json: object) => browser.call(`/api/auth${path}`, { json });
const reauthenticate = (browser: Browser, proof: object) => post(browser, '/reauthenticate', proof);

/** Whether the session may change what needs a recent sign-in. */
async function isRecent(browser: Browser): Promise<boolean> {
  const { status } = await browser.call('/api/auth/passkey/generate-register-options');
  expect([200, 403]).toContain(status);
  return status === 200;
}

async function withoutPassword() {
  const person = await signedUp(production);
  await rowsOf('DELETE FROM user_credentials WHERE user_id = ? RETURNING id', person.id);
  return person;
}

afterEach(() => void vi.useRealTimers());

describe('what changes how somebody signs in', () => {
  it('is refused an hour after the sign-in', async () => {
    const { browser, id } = await signedUp(production);
    expect(await isRecent(browser)).toBe(true);
    await signedInLongAgo(id);
    for (const [path, json] of [
      ['/two-factor/enable', {}],
      ['/two-factor/disable', {}],
      ['/two-factor/generate-backup-codes', {}],
      ['/change-email', { newEmail: somebody().email }],
      ['/passkey/verify-registration', { response: {} }],
      ['/passkey/delete-passkey', { id: 'psk_x' }],
      ['/link-social', { provider: 'github' }],
      ['/unlink-account', { accountId: 'crd_x' }],
    ] as const) {
      await expectProblem(await post(browser, path, json), 403, 'recent_sign_in_required');
    }
  });

  it('is allowed by the password in the form, and by no wrong one', async () => {
    const { browser, id } = await signedUp(production);
    await signedInLongAgo(id);
    await expectProblem(
      await post(browser, '/two-factor/enable', { password: 'wrong' }),
      401,
      'invalid_credentials',
    );
    expect((await post(browser, '/two-factor/enable', { password: PASSWORD })).status).toBe(200);
  });

  it('is allowed by a recent sign-in without the password', async () => {
    const { browser } = await signedUp(production);
    const { totpURI } = await read<{ totpURI: string }>(await post(browser, '/two-factor/enable', {}));
    expect((await post(browser, '/two-factor/verify-totp', { code: await codeOf(totpURI) })).status).toBe(
      200,
    );
    expect((await post(browser, '/two-factor/generate-backup-codes', {})).status).toBe(200);
    expect((await post(browser, '/two-factor/disable', {})).status).toBe(200);
  });

  it('is not allowed by any word to who has no password', async () => {
    const { browser, id } = await withoutPassword();
    await signedInLongAgo(id);
    const answer = await post(browser, '/two-factor/enable', { password: 'anything' });
    await expectProblem(answer, 403, 'recent_sign_in_required');
  });

  it('ends the other sessions where the address changes', async () => {
    const { browser, email, password, id } = await signedUp(production);
    const other = await signIn(production, { email, password });
    const newEmail = somebody().email;
    expect((await post(browser, '/change-email', { newEmail })).status).toBe(200);
    // The link goes to the new address.
    const { token } = (await production.mailTo(newEmail, 'change_email_confirm')).data;
    expect((await other.browser.call('/api/v1/me')).status).toBe(200);
    expect((await browser.call(`/api/auth/verify-email?token=${token}`)).status).toBe(200);
    expect(await read<{ email: string }>(await browser.call('/api/v1/me'))).toMatchObject({
      email: newEmail,
    });
    await expectProblem(await other.browser.call('/api/v1/me'), 401, 'unauthenticated');
    expect(await rowsOf('SELECT id FROM user_sessions WHERE user_id = ?', id)).toHaveLength(1);
  });
});

describe('showing once more who one is', () => {
  it('by the password makes the session recent, under a new token', async () => {
    const { browser, id } = await signedUp(production);
    await signedInLongAgo(id);
    const before = new Map(browser.cookies);
    await expectProblem(await reauthenticate(browser, { password: 'not it' }), 401, 'invalid_credentials');
    expect(await isRecent(browser)).toBe(false);
    const answer = await reauthenticate(browser, { password: PASSWORD });
    expect(await answer.json()).toEqual({ status: true, recentForSeconds: 900 });
    expect(await isRecent(browser)).toBe(true);
    await expectProblem(await production.browser(before).call('/api/v1/me'), 401, 'unauthenticated');
    expect(await rowsOf('SELECT id FROM user_sessions WHERE user_id = ?', id)).toHaveLength(1);
  });

  it('leaves a session brief that was to be brief', async () => {
    const { email, password, id } = await signedUp(production);
    await rowsOf('DELETE FROM user_sessions WHERE user_id = ? RETURNING id', id);
    const { browser } = await signIn(production, { email, password, rememberMe: false });
    expect((await reauthenticate(browser, { password })).status).toBe(200);
    expect(browser.lastSet.find((line) => line.includes('session_token='))).not.toMatch(/max-age/i);
    expect(await rowsOf('SELECT is_remembered FROM user_sessions WHERE user_id = ?', id)).toEqual([
      { is_remembered: 0 },
    ]);
  });

  it('by a code of the authenticator app takes each code once', async () => {
    const { browser, id, totpUri } = await withTotp(production);
    await signedInLongAgo(id);
    await expectProblem(await reauthenticate(browser, { code: '000000' }), 401, 'code_refused');
    const code = await codeOf(totpUri);
    expect((await reauthenticate(browser, { code })).status).toBe(200);
    await expectProblem(await reauthenticate(browser, { code }), 401, 'code_refused');
  });

  it.each([{}, { password: '' }, { password: PASSWORD, code: '000000' }, { token: 'x' }, []])(
    'is refused with %o',
    async (proof) => {
      const { browser } = await signedUp(production);
      await expectProblem(await reauthenticate(browser, proof), 400, 'validation_failed');
    },
  );

  it('is refused to strangers and to other sites', async () => {
    const { browser } = await signedUp(production);
    const json = { password: PASSWORD };
    await expectProblem(await reauthenticate(production.browser(), json), 401, 'unauthenticated');
    const headers = { origin: 'https://elsewhere.example' };
    const borrowed = await browser.call('/api/auth/reauthenticate', { json, headers });
    await expectProblem(borrowed, 403, 'cross_origin_refused');
  });

  it('by mail is for who has nothing better', async () => {
    const { browser, email } = await signedUp(production);
    await expectProblem(await post(browser, '/reauthenticate/send-code', {}), 409, 'factor_conflict');
    expect(production.mails.filter((mail) => mail.to === email && mail.template === 'email_code')).toEqual(
      [],
    );
  });

  it('by mail takes the code once, of five guesses, within ten minutes', async () => {
    const { browser, email, id } = await withoutPassword();
    const headers = { 'cf-connecting-ip': freshAddress() };
    const ask = async () => {
      production.mails.length = 0;
      expect((await browser.call('/api/auth/reauthenticate/send-code', { json: {}, headers })).status).toBe(
        200,
      );
      return ((await production.mailTo(email, 'email_code')).data as unknown as { code: string }).code;
    };
    const show = (emailCode: string) =>
      browser.call('/api/auth/reauthenticate', { json: { emailCode }, headers });
    await signedInLongAgo(id);
    const code = await ask();
    expect(code).toMatch(/^\d{6}$/);
    expect(JSON.stringify(await rowsOf('SELECT value FROM verifications'))).not.toContain(`"${code}"`);
    const wrong = code === '000000' ? '000001' : '000000';
    await expectProblem(await show(wrong), 401, 'code_refused');
    expect((await show(code)).status).toBe(200);
    expect(await isRecent(browser)).toBe(true);
    await expectProblem(await show(code), 401, 'code_refused');
    const second = await ask();
    for (let i = 0; i < 5; i++)
      await expectProblem(await show(second === '000000' ? '1' : '000000'), 401, 'code_refused');
    await expectProblem(await show(second), 401, 'code_refused');
    const third = await ask();
    headers['cf-connecting-ip'] = freshAddress();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
    await expectProblem(await show(third), 401, 'code_refused');
  });
});

describe('forgetting devices', () => {
  it('looks at nobody else’s rows', async () => {
    const plan = await rowsOf<{ detail: string }>(
      "EXPLAIN QUERY PLAN DELETE FROM verifications WHERE value = ? AND value GLOB 'usr_*'",
      'usr_x',
    );
    expect(plan.map(({ detail }) => detail).join()).toContain('verifications_user');
  });
});
