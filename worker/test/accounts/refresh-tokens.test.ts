import { describe, expect, it } from 'vitest';
import { accountsIn, PUBLIC_ORIGIN, signedUp } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { sweepIn } from '../support/installation.ts';
import {
  type App,
  authorizePath,
  follow,
  type Member,
  pkce,
  refresh,
  registerApp,
  type Tokens,
  tokensFor,
} from '../support/oauth.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('production');

interface Connected {
  ann: Member;
  app: App;
  tokens: Tokens;
}

async function connected(): Promise<Connected> {
  const ann = await signedUp(accounts);
  const app = await registerApp(await signedUp(accounts));
  return { ann, app, tokens: await tokensFor(accounts, ann, app) };
}

async function rotate({ app }: Pick<Connected, 'app'>, token: string): Promise<Tokens> {
  const answer = await refresh(accounts, app, token);
  expect(answer.status).toBe(200);
  return read<Tokens>(answer);
}

async function expectInvalidGrant(answer: Response): Promise<void> {
  expect([answer.status, (await read<Tokens>(answer)).error]).toEqual([400, 'invalid_grant']);
}

const rowsIn = ({ ann, app }: Connected) =>
  rowsOf<{ id: string; revoked_at_ms: number | null }>(
    'SELECT id, revoked_at_ms FROM oauth_refresh_tokens WHERE user_id = ? AND client_id = ?',
    ann.id,
    app.client_id,
  );

const liveIn = async (family: Connected) =>
  (await rowsIn(family)).filter(({ revoked_at_ms }) => revoked_at_ms === null);

/** Lets the ten seconds pass in which a refresh may be repeated. */
async function afterGrace({ ann, app }: Connected): Promise<void> {
  await rowsOf(
    `UPDATE oauth_refresh_tokens SET rotation_replay_expires_at_ms = ?
     WHERE user_id = ? AND client_id = ? AND rotated_at_ms IS NOT NULL RETURNING id`,
    Date.now() - 1,
    ann.id,
    app.client_id,
  );
}

const eventsOf = async ({ ann, app }: Connected) =>
  (
    await rowsOf<{ event: string }>(
      'SELECT event FROM security_events WHERE subject_id = ? AND details LIKE ? ORDER BY seq',
      ann.id,
      `%${app.client_id}%`,
    )
  ).map(({ event }) => event);

const reuseMails = ({ ann }: Connected) =>
  accounts.mails.filter(({ to, template }) => to === ann.email && template === 'refresh_reuse');

describe('a refresh token', () => {
  it('is replaced at every use, for the same scopes or fewer', async () => {
    const family = await connected();
    const second = await rotate(family, family.tokens.refresh_token);
    expect(second.refresh_token).not.toBe(family.tokens.refresh_token);
    expect(second.scope).toBe(family.tokens.scope);
    const third = await rotate(family, second.refresh_token);
    const headers = { authorization: `Bearer ${third.access_token}` };
    expect((await accounts.api('/api/v1/me', { headers })).status).toBe(200);
    const wider = await refresh(accounts, family.app, third.refresh_token, { scope: 'tracks:upload' });
    expect([wider.status, (await read<Tokens>(wider)).error]).toEqual([400, 'invalid_scope']);
    expect(await liveIn(family)).toHaveLength(1);
  });

  it('repeated within ten seconds gives the same successor again', async () => {
    const family = await connected();
    const first = await rotate(family, family.tokens.refresh_token);
    const again = await rotate(family, family.tokens.refresh_token);
    expect(again.refresh_token).toBe(first.refresh_token);
    expect(again.access_token).toBe(first.access_token);
    const [row] = await rowsOf<{ graceMs: number }>(
      `SELECT rotation_replay_expires_at_ms - rotated_at_ms AS graceMs FROM oauth_refresh_tokens
       WHERE user_id = ? AND rotated_at_ms IS NOT NULL`,
      family.ann.id,
    );
    // Both are cut to the second, so eleven are at least ten.
    expect(row?.graceMs).toBe(11_000);
    await rotate(family, first.refresh_token);
    expect(reuseMails(family)).toEqual([]);
  });

  it('shown twenty times at once has exactly one successor, which all twenty get', async () => {
    const family = await connected();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => rotate(family, family.tokens.refresh_token)),
    );
    expect(new Set(answers.map((tokens) => tokens.refresh_token)).size).toBe(1);
    expect(await rowsIn(family)).toHaveLength(2);
    expect(await liveIn(family)).toHaveLength(1);
    await rotate(family, answers[0]?.refresh_token ?? '');
  });

  it('keeps nothing readable of the answer that may be repeated', async () => {
    const family = await connected();
    const { refresh_token, access_token } = await rotate(family, family.tokens.refresh_token);
    const [row] = await rowsOf<{ kept: string }>(
      `SELECT rotation_replay_response AS kept FROM oauth_refresh_tokens
       WHERE user_id = ? AND rotated_at_ms IS NOT NULL`,
      family.ann.id,
    );
    expect(row?.kept.length).toBeGreaterThan(100);
    for (const secret of [refresh_token, access_token, 'access_token'])
      expect(row?.kept).not.toContain(secret);
  });

  it('is swept when it has expired, and the answer that may be repeated ten seconds after it was given', async () => {
    const family = await connected();
    await rotate(family, family.tokens.refresh_token);
    const kept = async () =>
      (
        await rowsOf<{ kept: string | null }>(
          'SELECT rotation_replay_response AS kept FROM oauth_refresh_tokens WHERE user_id = ? ORDER BY id',
          family.ann.id,
        )
      ).map((row) => row.kept !== null);
    expect(await kept()).toEqual([true, false]);
    await sweepIn(accounts.bindings, 0);
    expect(await kept()).toEqual([true, false]);
    await sweepIn(accounts.bindings, 1);
    expect(await kept()).toEqual([false, false]);
    // It is still known to have been used.
    await expectInvalidGrant(await refresh(accounts, family.app, family.tokens.refresh_token));
    await sweepIn(accounts.bindings, 31 * 24 * 60);
    expect(await kept()).toEqual([]);
  });

  it('is worth nothing a year after the sign-in it came of, however often it was replaced', async () => {
    const family = await connected();
    const { refresh_token } = await rotate(family, family.tokens.refresh_token);
    const yearMs = 365 * 86_400_000;
    const age = (ms: number) =>
      rowsOf(
        'UPDATE oauth_refresh_tokens SET auth_time_ms = ? WHERE user_id = ? AND auth_time_ms IS NOT NULL RETURNING id',
        Date.now() - ms,
        family.ann.id,
      );
    expect(await age(yearMs - 60_000)).toHaveLength(2);
    const third = await rotate(family, refresh_token);
    expect(await age(yearMs + 60_000)).toHaveLength(3);
    await expectInvalidGrant(await refresh(accounts, family.app, third.refresh_token));
    expect(await rowsIn(family)).toEqual([]);
  });

  it('used again later ends all that the app has, and its owner is told', async () => {
    const family = await connected();
    const second = await rotate(family, family.tokens.refresh_token);
    await afterGrace(family);
    await expectInvalidGrant(await refresh(accounts, family.app, family.tokens.refresh_token));
    await expectInvalidGrant(await refresh(accounts, family.app, second.refresh_token));
    expect(await rowsIn(family)).toEqual([]);
    const mail = await accounts.mailTo(family.ann.email, 'refresh_reuse');
    expect(mail.data).toMatchObject({ name: 'Some Body', app: 'An App' });
    expect(await eventsOf(family)).toEqual(['client_authorized', 'refresh_token_reused']);
  });

  it('used again later by twenty at once ends the family, and tells its owner once', async () => {
    const family = await connected();
    const second = await rotate(family, family.tokens.refresh_token);
    await afterGrace(family);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refresh(accounts, family.app, family.tokens.refresh_token)),
    );
    for (const answer of answers) await expectInvalidGrant(answer);
    await expectInvalidGrant(await refresh(accounts, family.app, second.refresh_token));
    expect(await rowsIn(family)).toEqual([]);
    expect(reuseMails(family)).toHaveLength(1);
  });

  it('that is being replaced while its family ends does not outlive it', async () => {
    for (let round = 0; round < 4; round++) {
      const family = await connected();
      const second = await rotate(family, family.tokens.refresh_token);
      await afterGrace(family);
      const answers = await Promise.all([
        refresh(accounts, family.app, second.refresh_token),
        refresh(accounts, family.app, family.tokens.refresh_token),
        refresh(accounts, family.app, second.refresh_token),
      ]);
      await expectInvalidGrant(answers[1] as Response);
      expect(await rowsIn(family)).toEqual([]);
    }
  });

  it('does not end what the same person gives the app afterwards', async () => {
    const family = await connected();
    await rotate(family, family.tokens.refresh_token);
    await afterGrace(family);
    await expectInvalidGrant(await refresh(accounts, family.app, family.tokens.refresh_token));
    // Times of tokens are cut to the second.
    await scheduler.wait(1100);
    const { refresh_token } = await tokensFor(accounts, family.ann, family.app);
    await rotate(family, refresh_token);
  });

  it('of another app is refused, and its owner keeps it', async () => {
    const family = await connected();
    const thief = await registerApp(await signedUp(accounts));
    await expectInvalidGrant(await refresh(accounts, thief, family.tokens.refresh_token));
    const second = await rotate(family, family.tokens.refresh_token);
    // Also an old one, which would end the family if its own app had shown it.
    await afterGrace(family);
    await expectInvalidGrant(await refresh(accounts, thief, family.tokens.refresh_token));
    await rotate(family, second.refresh_token);
    expect(reuseMails(family)).toEqual([]);
  });

  it.each(['made up', 'empty', 'expired', 'of an account that waits to be deleted', 'of a deleted account'])(
    '%s is refused',
    async (what) => {
      const family = await connected();
      const { ann, app, tokens } = family;
      if (what === 'expired')
        await rowsOf(
          'UPDATE oauth_refresh_tokens SET expires_at_ms = ? WHERE user_id = ? RETURNING id',
          Date.now() - 1,
          ann.id,
        );
      if (what === 'of an account that waits to be deleted')
        await rowsOf(
          'UPDATE users SET deletes_at_ms = ? WHERE id = ? RETURNING id',
          Date.now() + 1e6,
          ann.id,
        );
      if (what === 'of a deleted account')
        await rowsOf('DELETE FROM users WHERE id = ? RETURNING id', ann.id);
      const shown = { 'made up': 'x'.repeat(43), empty: '' }[what] ?? tokens.refresh_token;
      const answer = await refresh(accounts, app, shown);
      expect(answer.status).toBe(400);
      expect(['invalid_grant', 'invalid_request']).toContain((await read<Tokens>(answer)).error);
    },
  );

  it('ends when the app gives it back (RFC 7009)', async () => {
    const family = await connected();
    const revoke = () =>
      accounts.api(`${PUBLIC_ORIGIN}/api/auth/oauth2/revoke`, {
        body: new URLSearchParams({
          token: family.tokens.refresh_token,
          token_type_hint: 'refresh_token',
          client_id: family.app.client_id,
        }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await revoke()).status).toBe(200);
    await expectInvalidGrant(await refresh(accounts, family.app, family.tokens.refresh_token));
    expect(await liveIn(family)).toEqual([]);
  });

  it('outlives the browser session in which it was given', async () => {
    const family = await connected();
    await family.ann.browser.call('/api/auth/sign-out', { method: 'POST', json: {} });
    await rotate(family, family.tokens.refresh_token);
  });
});

describe('apps that somebody has let in', () => {
  it('are listed, and lose everything when they are shown out', async () => {
    const family = await connected();
    const { ann, app } = family;
    const path = '/api/v1/me/apps';
    expect(await read(await ann.browser.call(path))).toEqual({
      items: [
        {
          clientId: app.client_id,
          name: 'An App',
          url: null,
          scopes: ['account:read', 'offline_access'],
          connectedAt: expect.any(String),
        },
      ],
    });
    const other = await signedUp(accounts);
    const notTheirs = await other.browser.call(`${path}/${app.client_id}`, { method: 'DELETE' });
    await expectProblem(notTheirs, 404, 'not_found');
    expect((await ann.browser.call(`${path}/${app.client_id}`, { method: 'DELETE' })).status).toBe(204);
    await expectInvalidGrant(await refresh(accounts, app, family.tokens.refresh_token));
    expect(await read(await ann.browser.call(path))).toEqual({ items: [] });
    expect(await eventsOf(family)).toEqual(['client_authorized', 'client_revoked']);
    const { challenge } = await pkce();
    const again = authorizePath(app, { code_challenge: challenge, code_challenge_method: 'S256' });
    expect((await follow(ann, again)).pathname).toBe('/oauth/consent');
  });
});
