import { describe, expect, it, vi } from 'vitest';
import { passwordHasher } from '../../src/features/accounts/password-hasher.ts';
import { accountsIn, PASSWORD, signedUp, signIn, somebody, tokenIn } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { anyRecording } from '../support/audio.ts';
import { AUTH_SECRETS } from '../support/people.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const development = accountsIn('development');
const production = accountsIn('production');

interface Me {
  id: string;
  role: string;
  permissions: string[];
  handle: string;
  name: string;
}

async function asBeforeAccounts(): Promise<void> {
  await rowsOf('DELETE FROM first_admin RETURNING one');
  await rowsOf("UPDATE users SET role = 'listener' WHERE role = 'admin' RETURNING id");
}

describe('the first account', () => {
  const json = { fileName: 'a.flac', sizeBytes: anyRecording().length };

  it('of many at the same time is one, and it owns what there was before accounts', async () => {
    await asBeforeAccounts();
    const upload = await read<{ uploadId: string; trackId: string }>(
      await development.api('/api/v1/uploads', { json, as: 'local' }),
    );
    const people = await Promise.all(Array.from({ length: 6 }, () => signedUp(development)));
    const mes = await Promise.all(
      people.map(async ({ browser }) => read<Me>(await browser.call('/api/v1/me'))),
    );
    const admins = mes.filter(({ role }) => role === 'admin');
    expect(admins).toHaveLength(1);
    expect(admins[0]?.permissions).toContain('jobs:manage');
    for (const [table, id] of [
      ['uploads', upload.uploadId],
      ['tracks', upload.trackId],
    ]) {
      const [row] = await rowsOf<{ owner_id: string }>(`SELECT owner_id FROM ${table} WHERE id = ?`, id);
      expect(row?.owner_id).toBe(admins[0]?.id);
    }
    const known = await development.api(`/api/v1/uploads/${upload.uploadId}`, { as: 'local' });
    expect(known.status, 'from now on scripts on this machine act for that person').toBe(200);
  });

  it('is the last that is made an admin by being there, also when the admin is none any more', async () => {
    await rowsOf("UPDATE users SET role = 'listener' WHERE role = 'admin' RETURNING id");
    const { browser } = await signedUp(development);
    expect(await read<Me>(await browser.call('/api/v1/me'))).toMatchObject({ role: 'listener' });
  });

  it('in production counts from when its address is confirmed', async () => {
    await asBeforeAccounts();
    const [early, late] = [somebody(), somebody()];
    for (const json of [early, late]) await production.browser().call('/api/auth/sign-up/email', { json });
    expect(await rowsOf("SELECT id FROM users WHERE role = 'admin'")).toEqual([]);
    const { token } = (await production.mailTo(late.email, 'verify_email')).data;
    await production.browser().call(`/api/auth/verify-email?token=${token}`);
    expect(await rowsOf("SELECT email FROM users WHERE role = 'admin'")).toEqual([{ email: late.email }]);
  });
});

describe('a role', () => {
  const open = { json: { fileName: 'a.flac', sizeBytes: 100 } };

  it('lets a listener listen and an artist upload, and anyone may become one', async () => {
    const { browser } = await signedUp(production, 'listener');
    await expectProblem(await browser.call('/api/v1/uploads', open), 403, 'forbidden');
    const become = () => browser.call('/api/v1/me/artist', { method: 'POST' });
    expect(await read<Me>(await become())).toMatchObject({
      role: 'artist',
      permissions: expect.arrayContaining(['tracks:upload']),
    });
    expect(await read<Me>(await become())).toMatchObject({ role: 'artist' });
    expect((await browser.call('/api/v1/uploads', open)).status).toBe(201);
    await expectProblem(await browser.call('/api/v1/operator/dead-letters'), 403, 'forbidden');
  });

  it.each(['moderator', 'admin'])('of a %s is not lost by becoming an artist', async (role) => {
    const { browser } = await signedUp(production, role);
    expect(await read<Me>(await browser.call('/api/v1/me/artist', { method: 'POST' }))).toMatchObject({
      role,
    });
  });

  it('of an admin opens what operators have', async () => {
    const { browser } = await signedUp(production, 'admin');
    expect((await browser.call('/api/v1/operator/dead-letters')).status).toBe(200);
  });

  it('is given by an admin, counts at once, and the last admin keeps theirs', async () => {
    await rowsOf("UPDATE users SET role = 'listener' WHERE role = 'admin' RETURNING id");
    const admin = await signedUp(production, 'admin');
    const other = await signedUp(production);
    const give = (handle: string, role: string) =>
      admin.browser.call(`/api/v1/people/${handle}`, { method: 'PATCH', json: { role } });
    await expectProblem(await give(admin.handle, 'listener'), 409, 'last_admin');
    expect(await read<Me>(await give(other.handle, 'moderator'))).toMatchObject({ role: 'moderator' });
    expect(await read<Me>(await other.browser.call('/api/v1/me'))).toMatchObject({ role: 'moderator' });
    await expectProblem(await give('nobody_at_all', 'artist'), 404, 'not_found');
    await give(other.handle, 'admin');
    // Two admins who take it from each other at the same time: one of them stays.
    const taken = await Promise.all([
      give(other.handle, 'artist'),
      other.browser.call(`/api/v1/people/${admin.handle}`, { method: 'PATCH', json: { role: 'artist' } }),
    ]);
    expect(taken.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    expect(await rowsOf("SELECT id FROM users WHERE role = 'admin'")).toHaveLength(1);
  });

  it('makes nothing public in production before the address is confirmed, and does in development', async () => {
    for (const [accounts, status] of [
      [production, 403],
      [development, 201],
    ] as const) {
      const { browser, id } = await signedUp(accounts, 'artist');
      await rowsOf('UPDATE users SET email_verified = 0 WHERE id = ? RETURNING id', id);
      const answer = await browser.call('/api/v1/uploads', open);
      expect(answer.status).toBe(status);
      if (status === 403) await expectProblem(answer, 403, 'email_not_verified');
    }
  });
});

describe('an old hash', () => {
  const hashOf = async (userId: string) =>
    (
      await rowsOf<{ password_hash: string }>(
        'SELECT password_hash FROM user_credentials WHERE user_id = ?',
        userId,
      )
    )[0]?.password_hash ?? '';

  it('is replaced at the next sign-in, and by no wrong password', async () => {
    const person = await signedUp(production);
    expect(await hashOf(person.id)).toContain('keyid=k2$');
    const { k1, k2 } = AUTH_SECRETS.keys;
    const old = await passwordHasher({ current: 'k1', keys: { k1: k1.pepper, k2: k2.pepper } }).hash(
      PASSWORD,
    );
    await rowsOf(
      'UPDATE user_credentials SET password_hash = ? WHERE user_id = ? RETURNING id',
      old,
      person.id,
    );
    await expectProblem(
      (await signIn(production, { ...person, password: 'wrong one' })).answer,
      401,
      'invalid_credentials',
    );
    expect(await hashOf(person.id)).toBe(old);
    expect((await signIn(production, person)).answer.status).toBe(200);
    const renewed = await hashOf(person.id);
    expect(renewed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1,keyid=k2\$[\w+/]{22}\$[\w+/]{43}$/);
    expect((await signIn(production, person)).answer.status).toBe(200);
    expect(await hashOf(person.id), 'and then stays').toBe(renewed);
  });
});

describe('the log of accounts', () => {
  it('names flows by their pattern and holds nothing that opens anything', async () => {
    const bindings = bindingsWith({ LOG_LEVEL: 'info' });
    const lines: string[] = [];
    for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, name).mockImplementation((...args) => void lines.push(args.map(String).join(' ')));
    }
    const loud = accountsIn('development', bindings);
    const { browser, ...person } = await signedUp(loud);
    await signIn(loud, { ...person, password: 'a wrong password' });
    await loud.browser().call('/api/auth/sign-up/email', { json: person });
    await loud.browser().call('/api/auth/sign-up/email', { json: { ...somebody(), email: person.email } });
    await browser.call('/api/auth/request-password-reset', { json: { email: person.email } });
    const { token } = (await loud.mailTo(person.email, 'reset_password')).data;
    await browser.call(`/api/auth/reset-password/${token}?callbackURL=/reset-password`);
    await browser.call('/api/auth/reset-password', {
      json: { token, newPassword: 'something else entirely' },
    });
    const verify = (await loud.mailTo(person.email, 'verify_email')).data.token;
    await browser.call(
      `/api/auth/verify-email?token=${verify}&callbackURL=https://elsewhere.example/${verify}`,
    );
    await browser.call(`/api/auth/nothing/${token}`);
    const told = lines.join('\n');
    expect(told).toContain('"/api/auth/reset-password/:token"');
    expect(told).toContain('"/api/auth/sign-in/email"');
    expect(told).toContain('"/api/auth/*"');
    for (const secret of [
      token,
      verify,
      tokenIn(browser.cookies),
      person.password,
      person.email,
      'a wrong password',
    ]) {
      expect(secret.length).toBeGreaterThan(5);
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
    for (const line of lines) expect(() => JSON.parse(line), line).not.toThrow();
  });
});
