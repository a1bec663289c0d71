import { describe, expect, it } from 'vitest';
import { accountsIn, PASSWORD, signedUp } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { letIn, redeem, refresh, registerApp, type Tokens, tokensFor } from '../support/oauth.ts';
import { eventually, rowsOf } from '../support/state.ts';

const production = accountsIn('production');
const NEW_PASSWORD = 'another bird at noon';

/** Somebody with an app that they have let in and an API key. */
async function withAccess() {
  const person = await signedUp(production);
  const app = await registerApp(await signedUp(production));
  const tokens = await tokensFor(production, person, app);
  const json = { name: 'A script', scopes: ['account:read'] };
  const { key } = await read<{ key: string }>(await person.browser.call('/api/v1/me/api-keys', { json }));
  const withKey = () => production.api('/api/v1/me', { headers: { authorization: `Bearer ${key}` } });
  expect((await withKey()).status).toBe(200);
  return { ...person, app, tokens, withKey };
}

type Person = Awaited<ReturnType<typeof withAccess>>;

async function reset({ email, browser }: Pick<Person, 'email' | 'browser'>): Promise<Response> {
  await browser.call('/api/auth/request-password-reset', { json: { email } });
  const { token } = (await production.mailTo(email, 'reset_password')).data;
  return browser.call('/api/auth/reset-password', { json: { token, newPassword: NEW_PASSWORD } });
}

const change = ({ browser }: Person, more = {}) =>
  browser.call('/api/auth/change-password', {
    json: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, ...more },
  });

const countsOf = async (userId: string) =>
  Promise.all(
    ['oauth_refresh_tokens', 'oauth_access_tokens', 'oauth_consents', 'api_keys'].map(
      async (table) => (await rowsOf(`SELECT id FROM ${table} WHERE user_id = ?`, userId)).length,
    ),
  );

const mailedTo = async (email: string) =>
  (await production.mailTo(email, 'password_changed')).data as unknown as { isAccessEnded: boolean };

async function expectEnded(person: Person): Promise<void> {
  expect((await person.withKey()).status).toBe(401);
  const answer = await refresh(production, person.app, person.tokens.refresh_token);
  expect([answer.status, (await read<Tokens>(answer)).error]).toEqual([400, 'invalid_grant']);
  expect(await countsOf(person.id)).toEqual([0, 0, 0, 0]);
  expect(await mailedTo(person.email)).toMatchObject({ isAccessEnded: true });
  await eventually(async () => {
    const events = await rowsOf<{ event: string }>(
      "SELECT event FROM security_events WHERE subject_id = ? AND event IN ('client_revoked', 'api_key_revoked') ORDER BY seq",
      person.id,
    );
    expect(events.map(({ event }) => event)).toEqual(['client_revoked', 'api_key_revoked']);
  });
}

describe('a new password', () => {
  it('set anew by the link shuts out every app and every key, and the mail says so', async () => {
    const [person, other] = [await withAccess(), await withAccess()];
    expect((await reset(person)).status).toBe(200);
    await expectEnded(person);
    expect((await other.withKey()).status).toBe(200);
    expect((await refresh(production, other.app, other.tokens.refresh_token)).status).toBe(200);
  });

  it('set anew by who has neither says nothing of them', async () => {
    const person = await signedUp(production);
    expect((await reset(person)).status).toBe(200);
    expect(await mailedTo(person.email)).toMatchObject({ isAccessEnded: false });
  });

  it('set anew while an app refreshes leaves it nothing', async () => {
    for (let round = 0; round < 5; round++) {
      const person = await withAccess();
      const [refreshed] = await Promise.all([
        refresh(production, person.app, person.tokens.refresh_token),
        reset(person),
      ]);
      expect([200, 400]).toContain(refreshed.status);
      await eventually(async () => expect(await countsOf(person.id)).toEqual([0, 0, 0, 0]));
    }
  });

  it('set anew leaves no code behind that an app could still redeem', async () => {
    const person = await withAccess();
    const pending = await letIn(person, person.app);
    expect((await reset(person)).status).toBe(200);
    const answer = await redeem(production, person.app, pending);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await countsOf(person.id)).toEqual([0, 0, 0, 0]);
  });

  it('changed by who knows it leaves apps and keys alone, unless they ask for that', async () => {
    const person = await withAccess();
    expect((await change(person, { endAccess: false })).status).toBe(200);
    expect(await mailedTo(person.email)).toMatchObject({ isAccessEnded: false });
    expect((await person.withKey()).status).toBe(200);
    expect((await refresh(production, person.app, person.tokens.refresh_token)).status).toBe(200);
    const careful = await withAccess();
    expect((await change(careful, { endAccess: true })).status).toBe(200);
    await expectEnded(careful);
    expect((await careful.browser.call('/api/v1/me')).status).toBe(200);
  });

  it('that was refused ends nothing', async () => {
    const person = await withAccess();
    const refused = await change(person, { currentPassword: 'not the password', endAccess: true });
    expect(refused.status).toBe(401);
    expect((await person.withKey()).status).toBe(200);
  });
});
