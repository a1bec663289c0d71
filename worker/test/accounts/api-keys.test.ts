import { describe, expect, it } from 'vitest';
import { accountsIn, PASSWORD, signedUp } from '../support/accounts.ts';
import { type Call, read } from '../support/api.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('production');

interface Key {
  keyId: string;
  key: string;
  start: string;
  scopes: string[];
  expiresAt: string | null;
  lastUsedAt: string | null;
}

type Member = Awaited<ReturnType<typeof signedUp>>;

async function makeKey(person: Member, json: object): Promise<Key> {
  const answer = await person.browser.call('/api/v1/me/api-keys', { json: { name: 'A script', ...json } });
  expect(answer.status).toBe(201);
  return read<Key>(answer);
}

function callWith(key: string, path: string, call: Call = {}): Promise<Response> {
  return accounts.api(path, { ...call, headers: { ...call.headers, authorization: `Bearer ${key}` } });
}

const keysOf = async ({ browser }: Member) =>
  (await read<{ items: Key[] }>(await browser.call('/api/v1/me/api-keys'))).items;

describe('an API key', () => {
  it('speaks for its owner, is shown once and kept as a hash', async () => {
    const ann = await signedUp(accounts);
    const made = await makeKey(ann, { scopes: ['account:read'] });
    expect(made.key).toMatch(/^mlr_[A-Za-z0-9_-]{43}$/);
    expect(made.key.startsWith(made.start)).toBe(true);
    expect(await read(await callWith(made.key, '/api/v1/me'))).toMatchObject({
      id: ann.id,
      permissions: ['account:read'],
    });
    const listed = await ann.browser.call('/api/v1/me/api-keys');
    expect(await listed.text()).not.toContain(made.key.slice(made.start.length));
    const [row] = await rowsOf('SELECT * FROM api_keys WHERE id = ?', made.keyId);
    expect(JSON.stringify(row)).not.toContain(made.key.slice(made.start.length));
  });

  it('expires in 90 days unless asked otherwise', async () => {
    const ann = await signedUp(accounts);
    const inDays = ({ expiresAt }: Key) =>
      Math.round((Date.parse(expiresAt ?? '') - Date.now()) / 86_400_000);
    expect(inDays(await makeKey(ann, { scopes: ['account:read'] }))).toBe(90);
    expect(inDays(await makeKey(ann, { scopes: ['account:read'], expiresInDays: 7 }))).toBe(7);
    const forever = await makeKey(ann, { scopes: ['account:read'], expiresInDays: null });
    expect(forever.expiresAt).toBeNull();
    expect((await callWith(forever.key, '/api/v1/me')).status).toBe(200);
  });

  it('may do only what it was made for, and says which scope is missing (RFC 6750)', async () => {
    const ann = await signedUp(accounts, 'artist');
    const { key } = await makeKey(ann, { scopes: ['account:read'] });
    for (const [path, call, scope] of [
      ['/api/v1/uploads', { json: { fileName: 'a.flac', sizeBytes: 1 } }, 'tracks:upload'],
      ['/api/v1/uploads', {}, 'library:read'],
      ['/api/v1/me/tracks', {}, 'library:read'],
      ['/api/v1/me', { method: 'PATCH', json: { name: 'Another' } }, 'account:write'],
    ] as const) {
      const answer = await callWith(key, path, call);
      expect(answer.headers.get('www-authenticate')).toBe(
        `Bearer realm="melro", error="insufficient_scope", scope="${scope}"`,
      );
      await expectProblem(answer, 403, 'forbidden');
    }
  });

  it('may never do more than its owner may at the moment of use', async () => {
    const ann = await signedUp(accounts, 'artist');
    const { key } = await makeKey(ann, { scopes: ['tracks:upload'] });
    const open = () => callWith(key, '/api/v1/uploads', { json: { fileName: 'a.flac', sizeBytes: 1 } });
    expect((await open()).status).toBe(201);
    await rowsOf("UPDATE users SET role = 'listener' WHERE id = ? RETURNING id", ann.id);
    const refused = await open();
    // No scope would help: the owner may not.
    expect(refused.headers.get('www-authenticate')).toBeNull();
    await expectProblem(refused, 403, 'forbidden');
  });

  it('is made by whoever has shown only just who they are', async () => {
    const ann = await signedUp(accounts);
    await rowsOf(
      'UPDATE user_sessions SET created_at_ms = ? WHERE user_id = ? RETURNING id',
      Date.now() - 16 * 60_000,
      ann.id,
    );
    const json = { name: 'Later', scopes: ['account:read'] };
    const late = await ann.browser.call('/api/v1/me/api-keys', { json });
    await expectProblem(late, 403, 'recent_sign_in_required');
    expect(await keysOf(ann)).toEqual([]);
  });

  it('is not made for more than its owner may', async () => {
    const ann = await signedUp(accounts);
    const json = { name: 'Greedy', scopes: ['account:read', 'jobs:manage'] };
    await expectProblem(await ann.browser.call('/api/v1/me/api-keys', { json }), 403, 'forbidden');
    expect(await keysOf(ann)).toEqual([]);
  });

  it('sees on public pages what a stranger sees, unless it may read the library', async () => {
    const ann = await signedUp(accounts, 'artist');
    const opened = await ann.browser.call('/api/v1/uploads', { json: { fileName: 'a.flac', sizeBytes: 1 } });
    const { trackId } = await read<{ trackId: string }>(opened);
    const narrow = await makeKey(ann, { scopes: ['account:read'] });
    const wide = await makeKey(ann, { scopes: ['library:read'] });
    await expectProblem(await callWith(narrow.key, `/api/v1/tracks/${trackId}`), 404, 'not_found');
    expect((await callWith(wide.key, `/api/v1/tracks/${trackId}`)).status).toBe(200);
  });

  it('can neither make nor list nor revoke keys, nor touch sessions, whatever its scopes', async () => {
    const ann = await signedUp(accounts, 'admin');
    const { permissions } = await read<{ permissions: string[] }>(await ann.browser.call('/api/v1/me'));
    const { key, keyId } = await makeKey(ann, { scopes: permissions });
    for (const [path, call] of [
      ['/api/v1/me/api-keys', { json: { name: 'Another', scopes: ['account:read'] } }],
      ['/api/v1/me/api-keys', {}],
      [`/api/v1/me/api-keys/${keyId}`, { method: 'DELETE' }],
      ['/api/v1/me/sessions', {}],
      ['/api/v1/me/sessions', { method: 'DELETE' }],
      ['/api/v1/me/artist', { method: 'POST' }],
    ] as const) {
      await expectProblem(await callWith(key, path, call), 403, 'session_required');
    }
    const json = { newPassword: PASSWORD, currentPassword: PASSWORD, newEmail: `new-${ann.email}` };
    for (const path of ['/api/auth/change-password', '/api/auth/change-email']) {
      await expectProblem(await callWith(key, path, { json }), 401, 'unauthenticated');
    }
    expect((await callWith(key, '/api/auth/token')).status).not.toBe(200);
  });

  it.each(['revoked', 'expired', 'of a deleted account', 'mistyped', 'cut short'])(
    '%s is refused',
    async (what) => {
      const ann = await signedUp(accounts);
      const { key, keyId } = await makeKey(ann, { scopes: ['account:read'] });
      expect((await callWith(key, '/api/v1/me')).status).toBe(200);
      let shown = key;
      if (what === 'revoked') {
        const gone = await ann.browser.call(`/api/v1/me/api-keys/${keyId}`, { method: 'DELETE' });
        expect(gone.status).toBe(204);
      }
      if (what === 'expired')
        await rowsOf(
          'UPDATE api_keys SET expires_at_ms = ? WHERE id = ? RETURNING id',
          Date.now() - 1,
          keyId,
        );
      if (what === 'of a deleted account')
        await rowsOf('DELETE FROM users WHERE id = ? RETURNING id', ann.id);
      if (what === 'mistyped') shown = `${key.slice(0, -2)}${key.endsWith('AA') ? 'BB' : 'AA'}`;
      if (what === 'cut short') shown = key.slice(0, -1);
      const answer = await callWith(shown, '/api/v1/me');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="melro", error="invalid_token"');
      await expectProblem(answer, 401, 'unauthenticated');
    },
  );

  it('is revoked by its owner alone', async () => {
    const [ann, ben] = [await signedUp(accounts), await signedUp(accounts)];
    const { key, keyId } = await makeKey(ann, { scopes: ['account:read'] });
    const answer = await ben.browser.call(`/api/v1/me/api-keys/${keyId}`, { method: 'DELETE' });
    await expectProblem(answer, 404, 'not_found');
    expect((await callWith(key, '/api/v1/me')).status).toBe(200);
  });

  it('notes its last use, at most once a minute', async () => {
    const ann = await signedUp(accounts);
    const { key, keyId } = await makeKey(ann, { scopes: ['account:read'] });
    expect((await keysOf(ann))[0]?.lastUsedAt).toBeNull();
    const lastUse = async () =>
      (await rowsOf<{ ms: number }>('SELECT last_used_at_ms AS ms FROM api_keys WHERE id = ?', keyId))[0]
        ?.ms ?? 0;
    await callWith(key, '/api/v1/me');
    const first = await lastUse();
    expect(Date.now() - first).toBeLessThan(60_000);
    await callWith(key, '/api/v1/me');
    expect(await lastUse()).toBe(first);
    await rowsOf('UPDATE api_keys SET last_used_at_ms = ? WHERE id = ? RETURNING id', first - 61_000, keyId);
    await callWith(key, '/api/v1/me');
    expect(await lastUse()).toBeGreaterThanOrEqual(first);
  });

  it('has at most fifty of its kind', async () => {
    const ann = await signedUp(accounts);
    await makeKey(ann, { scopes: ['account:read'] });
    await rowsOf(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 49)
       INSERT INTO api_keys (id, user_id, key_hash, start, name, scopes, created_at_ms)
       SELECT 'key_' || ?1 || i, ?1, 'hash ' || ?1 || i, 'mlr_', 'Many', 'account:read', 0 FROM n RETURNING id`,
      ann.id,
    );
    const json = { name: 'One more', scopes: ['account:read'] };
    await expectProblem(await ann.browser.call('/api/v1/me/api-keys', { json }), 409, 'too_many_keys');
  });
});
