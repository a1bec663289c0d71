import { describe, expect, it, vi } from 'vitest';
import { INVITATION_MS } from '../../src/features/playlists/policy.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { freshAddress } from '../support/limits.ts';
import { apiOf } from '../support/my-data.ts';
import {
  addTracks,
  allEntries,
  makePlaylist,
  type PlaylistAnswer,
  tracksLike,
} from '../support/playlists.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('production', bindingsWith({}), { RATE_LIMIT_FACTOR: '1000' });

async function somebody() {
  const { browser, handle, id } = await signedUp(accounts);
  return { api: apiOf(browser), handle, id };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

async function invite({ api }: Somebody, playlistId: string) {
  const answer = await api(`/api/v1/playlists/${playlistId}/invitations`, { method: 'POST' });
  expect(answer.status).toBe(201);
  return read<{ token: string; invitationId: string }>(answer);
}
const accept = ({ api }: Somebody, token: string) =>
  api('/api/v1/playlist-invitations/accept', { json: { token } });
// As a stranger from an address of their own, which no other test has used up.
const look = (token: string) =>
  accounts.api('/api/v1/playlist-invitations/look', {
    json: { token },
    headers: { 'cf-connecting-ip': freshAddress() },
  });
const membersOf = async ({ api }: Somebody, playlistId: string) => {
  const { items } = await read<{ items: { person: { handle: string }; role: string }[] }>(
    await api(`/api/v1/playlists/${playlistId}/members`),
  );
  return items.map(({ person, role }) => `${person.handle} ${role}`);
};

describe('an invitation', () => {
  it('tells what it is to, makes whoever holds it an editor, once, and leaves no token behind', async () => {
    const [owner, editor] = [await somebody(), await somebody()];
    const playlistId = await makePlaylist(owner.api, {}, { title: 'Ours' });
    const { token } = await invite(owner, playlistId);
    expect(await (await look(token)).json()).toMatchObject({
      playlistId,
      title: 'Ours',
      owner: { handle: owner.handle },
    });
    await expectProblem(await editor.api(`/api/v1/playlists/${playlistId}`), 404, 'not_found');
    for (let i = 0; i < 2; i++) {
      const accepted = await accept(editor, token);
      expect(await read<PlaylistAnswer>(accepted)).toMatchObject({ playlistId, role: 'editor' });
    }
    expect(await membersOf(owner, playlistId)).toEqual([`${owner.handle} owner`, `${editor.handle} editor`]);
    const [trackId = ''] = await tracksLike([{}]);
    await addTracks(editor.api, playlistId, [trackId]);
    const [entry] = await allEntries(owner.api, playlistId);
    expect(entry?.addedBy?.handle).toBe(editor.handle);
    const kept = await read<{ items: PlaylistAnswer[] }>(await editor.api('/api/v1/me/playlists'));
    expect(kept.items).toMatchObject([{ playlistId, role: 'editor' }]);
    expect(await read<PlaylistAnswer>(await accept(owner, token))).toMatchObject({ role: 'owner' });
    expect(JSON.stringify(await rowsOf('SELECT * FROM playlist_invitations'))).not.toContain(token);
    for (const [path, method] of [
      ['', 'PATCH'],
      ['', 'DELETE'],
      ['/invitations', 'POST'],
    ] as const) {
      const json = method === 'PATCH' ? { json: { title: 'Mine' } } : {};
      await expectProblem(
        await editor.api(`/api/v1/playlists/${playlistId}${path}`, { method, ...json }),
        403,
        'forbidden',
      );
    }
  });

  it('opens nothing once it is revoked, expired, or its playlist is gone, and none opens that nobody made', async () => {
    const [owner, other] = [await somebody(), await somebody()];
    const playlistId = await makePlaylist(owner.api, {});
    const { token, invitationId } = await invite(owner, playlistId);
    await expectProblem(await accept(other, 'A'.repeat(43)), 400, 'token_invalid');
    await expectProblem(await accept(other, 'short'), 400, 'validation_failed');
    const revoke = () =>
      owner.api(`/api/v1/playlists/${playlistId}/invitations/${invitationId}`, { method: 'DELETE' });
    expect((await revoke()).status).toBe(204);
    await expectProblem(await revoke(), 404, 'not_found');
    await expectProblem(await accept(other, token), 400, 'token_invalid');
    const late = await invite(owner, playlistId);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + INVITATION_MS + 1000 });
    try {
      await expectProblem(await look(late.token), 410, 'token_expired');
    } finally {
      vi.useRealTimers();
    }
    const { token: third } = await invite(owner, playlistId);
    await owner.api(`/api/v1/playlists/${playlistId}`, { method: 'DELETE' });
    await expectProblem(await accept(other, third), 400, 'token_invalid');
    expect(await rowsOf('SELECT user_id FROM playlist_members WHERE playlist_id = ?', playlistId)).toEqual([
      { user_id: owner.id },
    ]);
  });

  it('is one of twenty at most', async () => {
    const owner = await somebody();
    const playlistId = await makePlaylist(owner.api, {});
    for (let i = 0; i < 20; i++) await invite(owner, playlistId);
    const refused = await owner.api(`/api/v1/playlists/${playlistId}/invitations`, { method: 'POST' });
    await expectProblem(refused, 409, 'too_many_members');
    const listed = await owner.api(`/api/v1/playlists/${playlistId}/invitations`);
    expect((await read<{ items: unknown[] }>(listed)).items).toHaveLength(20);
  });
});

describe('who works on a playlist', () => {
  it('may leave; the owner takes others off and cannot leave; what they put in stays', async () => {
    const [owner, one, two] = [await somebody(), await somebody(), await somebody()];
    const playlistId = await makePlaylist(owner.api, {});
    const { token } = await invite(owner, playlistId);
    await accept(one, token);
    await accept(two, token);
    const [trackId = ''] = await tracksLike([{}]);
    await addTracks(one.api, playlistId, [trackId]);
    const takeOff = (who: Somebody, whom: Somebody) =>
      who.api(`/api/v1/playlists/${playlistId}/members/${whom.handle}`, { method: 'DELETE' });
    await expectProblem(await takeOff(one, two), 403, 'forbidden');
    await expectProblem(await takeOff(one, owner), 403, 'forbidden');
    await expectProblem(await takeOff(owner, owner), 404, 'not_found');
    expect((await takeOff(owner, one)).status).toBe(204);
    await expectProblem(await one.api(`/api/v1/playlists/${playlistId}`), 404, 'not_found');
    expect((await takeOff(two, two)).status).toBe(204);
    expect(await membersOf(owner, playlistId)).toEqual([`${owner.handle} owner`]);
    expect(await allEntries(owner.api, playlistId)).toHaveLength(1);
  });

  it('is fifty people at most, however many open the link at once', async () => {
    const owner = await somebody();
    const playlistId = await makePlaylist(owner.api, {});
    const { token } = await invite(owner, playlistId);
    await rowsOf(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 48)
       INSERT INTO playlist_members (playlist_id, user_id, role, position, created_at_ms)
       SELECT ?, 'u' || i, 'editor', 'a' || i, 1 FROM n RETURNING user_id`,
      playlistId,
    );
    const people = [await somebody(), await somebody(), await somebody()];
    const answers = await Promise.all(people.map((person) => accept(person, token)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  });
});
