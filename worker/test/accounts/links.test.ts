import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { accountsIn, PASSWORD, signedUp, signIn, somebody } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { AUTH_SECRETS } from '../support/people.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const production = accountsIn('production');
const NEW_PASSWORD = 'another bird, later in the day';
const stranger = production.browser();

async function askForReset(email: string): Promise<string> {
  const answer = await stranger.call('/api/auth/request-password-reset', { json: { email } });
  expect(answer.status).toBe(200);
  return (await production.mailTo(email, 'reset_password')).data.token;
}

const reset = (token: string, newPassword = NEW_PASSWORD) =>
  stranger.call('/api/auth/reset-password', { json: { token, newPassword } });

describe('a forgotten password', () => {
  it('is set anew with the link, which ends every session and is told by mail', async () => {
    const person = await signedUp(production);
    const token = await askForReset(person.email);
    expect((await reset(token)).status).toBe(200);
    await production.mailTo(person.email, 'password_changed');
    await expectProblem(await person.browser.call('/api/v1/me'), 401, 'unauthenticated');
    await expectProblem((await signIn(production, person)).answer, 401, 'invalid_credentials');
    expect((await signIn(production, { ...person, password: NEW_PASSWORD })).answer.status).toBe(200);
  });

  it('is answered the same for an address without an account, to which nothing is sent', async () => {
    const { email } = await signedUp(production);
    const unknown = somebody().email;
    const known = await stranger.call('/api/auth/request-password-reset', { json: { email } });
    const other = await stranger.call('/api/auth/request-password-reset', { json: { email: unknown } });
    expect([other.status, await other.text()]).toEqual([known.status, await known.text()]);
    await production.mailTo(email, 'reset_password');
    expect(production.mails.filter(({ to }) => to === unknown)).toEqual([]);
  });

  it('has a link that works once, also for two at the same time', async () => {
    const { email } = await signedUp(production);
    const token = await askForReset(email);
    const answers = await Promise.all([reset(token), reset(token, 'a third one, at night')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    await expectProblem(await reset(token), 400, 'token_invalid');
  });

  it('has a link that ends after an hour', async () => {
    const { email } = await signedUp(production);
    const token = await askForReset(email);
    const kept = await rowsOf<{ expires_at_ms: number; identifier: string }>(
      'SELECT expires_at_ms, identifier FROM verifications WHERE value = (SELECT id FROM users WHERE email = ?)',
      email,
    );
    expect(kept).toHaveLength(1);
    expect((kept[0]?.expires_at_ms ?? 0) - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(JSON.stringify(kept), 'kept as a hash').not.toContain(token);
    await rowsOf(
      'UPDATE verifications SET expires_at_ms = ? WHERE identifier = ? RETURNING id',
      Date.now() - 1,
      kept[0]?.identifier,
    );
    await expectProblem(await reset(token), 400, 'token_invalid');
    expect((await signIn(production, { email, password: PASSWORD })).answer.status).toBe(200);
  });

  it('has a link that a weak password does not use up', async () => {
    const { email } = await signedUp(production);
    const token = await askForReset(email);
    await expectProblem(await reset(token, 'password123'), 422, 'password_too_weak');
    expect((await reset(token)).status).toBe(200);
  });
});

async function forged(claims: object, secret: string, expiresAt: number): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(secret));
}

describe('the link that confirms an address', () => {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const { signing } = AUTH_SECRETS.keys.k2;

  async function unconfirmed(): Promise<string> {
    const person = somebody();
    await stranger.call('/api/auth/sign-up/email', { json: person });
    return person.email;
  }
  const confirm = (token: string) => stranger.call(`/api/auth/verify-email?token=${token}`);
  const isConfirmed = async (email: string) =>
    (await rowsOf<{ email_verified: number }>('SELECT email_verified FROM users WHERE email = ?', email))[0]
      ?.email_verified === 1;

  it('works, changes nothing when it is opened again, and signs nobody in', async () => {
    const email = await unconfirmed();
    const { token } = (await production.mailTo(email, 'verify_email')).data;
    expect((await confirm(token)).status).toBe(200);
    expect(stranger.lastSet).toEqual([]);
    expect(await isConfirmed(email)).toBe(true);
    expect((await confirm(token)).status).toBe(200);
  });

  it('is refused when it has expired', async () => {
    const email = await unconfirmed();
    await expectProblem(
      await confirm(await forged({ email }, signing, nowSeconds - 10)),
      410,
      'token_expired',
    );
    expect(await isConfirmed(email)).toBe(false);
  });

  it('is refused when somebody else made it', async () => {
    const email = await unconfirmed();
    for (const secret of ['B'.repeat(43), AUTH_SECRETS.keys.k2.pepper]) {
      await expectProblem(
        await confirm(await forged({ email }, secret, nowSeconds + 60)),
        400,
        'token_invalid',
      );
    }
    expect(await isConfirmed(email)).toBe(false);
  });

  it('is sent again to who asks, and the answer tells nothing', async () => {
    const email = await unconfirmed();
    await production.mailTo(email, 'verify_email');
    const ask = (to: string) => stranger.call('/api/auth/send-verification-email', { json: { email: to } });
    const [known, unknown] = [await ask(email), await ask(somebody().email)];
    expect([unknown.status, await unknown.text()]).toEqual([known.status, await known.text()]);
    expect(production.mails.filter(({ to }) => to === email)).toHaveLength(2);
  });
});

describe('changing the address', () => {
  it('takes the link in the new mailbox, and is told to the old one', async () => {
    const { browser, email, id } = await signedUp(production);
    const newEmail = somebody().email;
    expect((await browser.call('/api/auth/change-email', { json: { newEmail } })).status).toBe(200);
    expect(await read<{ email: string }>(await browser.call('/api/v1/me'))).toMatchObject({ email });
    const { token } = (await production.mailTo(newEmail, 'change_email_confirm')).data;
    expect((await browser.call(`/api/auth/verify-email?token=${token}`)).status).toBe(200);
    expect(await read<object>(await browser.call('/api/v1/me'))).toMatchObject({
      id,
      email: newEmail,
      emailVerified: true,
    });
    expect((await production.mailTo(email, 'email_changed_notice')).data).toMatchObject({ newEmail });
    await expectProblem(await browser.call(`/api/auth/verify-email?token=${token}`), 400, 'token_invalid');
  });

  it('refuses one that is longer than addresses are, and names the field', async () => {
    const { browser } = await signedUp(production);
    // 254 characters are an address, 255 are none.
    const domain = `${'d'.repeat(60)}.`.repeat(3);
    const fits = `${'a'.repeat(60)}@${domain}${'x'.repeat(254 - 61 - domain.length - 8)}.example`;
    expect(fits).toHaveLength(254);
    const change = (newEmail: string) => browser.call('/api/auth/change-email', { json: { newEmail } });
    expect((await change(fits)).status).toBe(200);
    const problem = await expectProblem(await change(`a${fits}`), 400, 'validation_failed');
    expect(problem.detail).toBe('newEmail: must have at most 254 characters');
    await expectProblem(await change('no address'), 400, 'validation_failed');
  });

  it('never signs in whoever opens the link in the new mailbox', async () => {
    const { browser, email } = await signedUp(production);
    const newEmail = somebody().email;
    await browser.call('/api/auth/change-email', { json: { newEmail } });
    const { token } = (await production.mailTo(newEmail, 'change_email_confirm')).data;
    const other = production.browser();
    await expectProblem(await other.call(`/api/auth/verify-email?token=${token}`), 401, 'unauthenticated');
    expect([...other.cookies]).toEqual([]);
    expect(await read<object>(await browser.call('/api/v1/me'))).toMatchObject({ email });
  });

  it('to an address with an account is answered the same, and sends nothing', async () => {
    const taken = (await signedUp(production)).email;
    const { browser } = await signedUp(production);
    const sentBefore = production.mails.filter(({ to }) => to === taken).length;
    const known = await browser.call('/api/auth/change-email', { json: { newEmail: taken } });
    const fresh = await browser.call('/api/auth/change-email', { json: { newEmail: somebody().email } });
    expect([known.status, await known.text()]).toEqual([fresh.status, await fresh.text()]);
    expect(production.mails.filter(({ to }) => to === taken)).toHaveLength(sentBefore);
  });
});

describe('changing the password', () => {
  it('takes the old one, ends the other sessions, and is told by mail', async () => {
    const person = await signedUp(production);
    const { browser: phone } = await signIn(production, person);
    const change = (currentPassword: string, newPassword: string) =>
      person.browser.call('/api/auth/change-password', {
        json: { currentPassword, newPassword, revokeOtherSessions: false },
      });
    await expectProblem(await change('not the password', NEW_PASSWORD), 401, 'invalid_credentials');
    await expectProblem(await change(PASSWORD, person.email), 422, 'password_too_weak');
    expect((await phone.call('/api/v1/me')).status).toBe(200);
    expect((await change(PASSWORD, NEW_PASSWORD)).status).toBe(200);
    await production.mailTo(person.email, 'password_changed');
    await expectProblem(await phone.call('/api/v1/me'), 401, 'unauthenticated');
    expect((await person.browser.call('/api/v1/me')).status).toBe(200);
    expect((await signIn(production, { ...person, password: NEW_PASSWORD })).answer.status).toBe(200);
  });
});
