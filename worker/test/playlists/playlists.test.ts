import { describe, expect, it } from 'vitest';
import { sweepPlaylists } from '../../src/features/playlists/own-data.ts';
import { UNDO_MS } from '../../src/features/playlists/policy.ts';
import { newId } from '../../src/platform/ids.ts';
import { servicesOf } from '../../src/services.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { apiWith, bindingsWith, PRODUCTION, read } from '../support/api.ts';
import {
  addTracks,
  allEntries,
  makePlaylist,
  type PlaylistAnswer,
  tracksLike,
} from '../support/playlists.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const bindings = bindingsWith({ ...PRODUCTION, RATE_LIMIT_FACTOR: '1000' });
const api = apiWith(bindings);
const alice = { as: 'alice' } as const;

const get = async (playlistId: string, as?: 'alice' | 'bob') =>
  api(`/api/v1/playlists/${playlistId}`, as === undefined ? {} : { as });
const patch = (playlistId: string, json: object, as: 'alice' | 'bob' = 'alice') =>
  api(`/api/v1/playlists/${playlistId}`, { method: 'PATCH', as, json });

describe('a playlist', () => {
  it('is private until its owner says otherwise, then seen by everyone, listed only where it is public', async () => {
    const accounts = accountsIn('production', bindings);
    const { browser, handle } = await signedUp(accounts);
    const own = await browser.call('/api/v1/playlists', { json: { title: 'Rain', description: 'For it' } });
    expect(own.status).toBe(201);
    const { playlistId, ...made } = await read<PlaylistAnswer>(own);
    expect(made).toMatchObject({
      title: 'Rain',
      visibility: 'private',
      role: 'owner',
      trackCount: 0,
      owner: { handle },
    });
    const change = (visibility: string) =>
      browser.call(`/api/v1/playlists/${playlistId}`, { method: 'PATCH', json: { visibility } });
    const listed = async () => {
      const page = await read<{ items: PlaylistAnswer[] }>(await api(`/api/v1/people/${handle}/playlists`));
      return page.items.map((item) => item.playlistId);
    };
    for (const path of ['', '/entries']) {
      await expectProblem(await api(`/api/v1/playlists/${playlistId}${path}`), 404, 'not_found');
    }
    await expectProblem(await get(playlistId, 'bob'), 404, 'not_found');
    expect((await change('unlisted')).status).toBe(200);
    expect((await read<PlaylistAnswer>(await get(playlistId))).role).toBeNull();
    expect(await listed()).toEqual([]);
    await change('public');
    expect(await listed()).toEqual([playlistId]);
    await change('private');
    await expectProblem(await get(playlistId, 'bob'), 404, 'not_found');
    expect(await listed()).toEqual([]);
    await expectProblem(await api('/api/v1/people/nobody_at_all/playlists'), 404, 'not_found');
  });

  it('that others may look at is changed by nobody else', async () => {
    const playlistId = await makePlaylist(api, alice, { visibility: 'public' });
    const [trackId = ''] = await tracksLike([{}]);
    const entryId = newId('ple');
    for (const [path, method, json] of [
      ['', 'PATCH', { title: 'Mine now' }],
      ['', 'DELETE', undefined],
      ['/entries', 'POST', { entries: [{ trackId }] }],
      ['/entries/removals', 'POST', { entryIds: [entryId] }],
      ['/entries/restorations', 'POST', { entryIds: [entryId] }],
      ['/entries/moves', 'POST', { entryIds: [entryId] }],
      ['/members', 'GET', undefined],
      ['/invitations', 'GET', undefined],
      ['/invitations', 'POST', undefined],
    ] as const) {
      const answer = await api(`/api/v1/playlists/${playlistId}${path}`, {
        as: 'bob',
        method,
        ...(json && { json }),
      });
      await expectProblem(answer, 403, 'forbidden');
    }
    await expectProblem(
      await api(`/api/v1/playlists/${playlistId}/restore`, { as: 'bob', method: 'POST' }),
      404,
      'not_found',
    );
    expect(await read<PlaylistAnswer>(await get(playlistId))).toMatchObject({
      title: 'A list',
      trackCount: 0,
    });
  });

  it('made twice with the same id is one, and an id of somebody else is nobody’s business', async () => {
    const playlistId = newId('pls');
    await makePlaylist(api, alice, { playlistId, title: 'Once' });
    await makePlaylist(api, alice, { playlistId, title: 'Twice' });
    expect(await read<PlaylistAnswer>(await get(playlistId, 'alice'))).toMatchObject({ title: 'Once' });
    await expectProblem(
      await api('/api/v1/playlists', { as: 'bob', json: { playlistId, title: 'His' } }),
      404,
      'not_found',
    );
  });

  it('that was thrown away is out of sight, comes back whole, and is gone for good after thirty days', async () => {
    const playlistId = await makePlaylist(api, alice, { visibility: 'public' });
    const trackIds = await tracksLike([{}, {}, {}]);
    await addTracks(api, playlistId, trackIds, alice);
    const call = (path: string, method: string) =>
      api(`/api/v1/playlists/${playlistId}${path}`, { as: 'alice', method });
    expect((await call('', 'DELETE')).status).toBe(204);
    await expectProblem(await get(playlistId, 'alice'), 404, 'not_found');
    const removed = await read<{ items: PlaylistAnswer[] }>(await api('/api/v1/me/removed-playlists', alice));
    expect(removed.items.map((item) => item.playlistId)).toContain(playlistId);
    expect((await call('/restore', 'POST')).status).toBe(200);
    expect((await call('/restore', 'POST')).status, 'again').toBe(200);
    expect((await allEntries(api, playlistId)).map(({ trackId }) => trackId)).toEqual(trackIds);
    await call('', 'DELETE');
    const kept = servicesOf(bindings).playlists;
    await sweepPlaylists(kept, Date.now() + UNDO_MS - 60_000, 100);
    expect((await call('/restore', 'POST')).status, 'a minute before').toBe(200);
    await call('', 'DELETE');
    await sweepPlaylists(kept, Date.now() + UNDO_MS + 60_000, 100);
    await expectProblem(await call('/restore', 'POST'), 404, 'not_found');
    for (const table of ['playlist_entries', 'playlist_members']) {
      expect(await rowsOf(`SELECT * FROM ${table} WHERE playlist_id = ?`, playlistId)).toEqual([]);
    }
  });

  it('is copied with what is in it, by whoever sees it, into one of their own', async () => {
    const playlistId = await makePlaylist(api, alice, { visibility: 'public', title: 'To copy' });
    const trackIds = await tracksLike([{ durationSeconds: 10 }, { durationSeconds: 20 }]);
    const [first = ''] = await addTracks(api, playlistId, trackIds, alice);
    await api(`/api/v1/playlists/${playlistId}/entries/removals`, { ...alice, json: { entryIds: [first] } });
    const answer = await api(`/api/v1/playlists/${playlistId}/duplicate`, { as: 'bob', method: 'POST' });
    const copy = await read<PlaylistAnswer>(answer);
    expect(copy).toMatchObject({
      title: 'To copy',
      role: 'owner',
      visibility: 'private',
      trackCount: 1,
      durationSeconds: 20,
    });
    await addTracks(api, copy.playlistId, [trackIds[0] ?? ''], { as: 'bob' });
    expect(await allEntries(api, copy.playlistId, { as: 'bob' })).toHaveLength(2);
    expect(await allEntries(api, playlistId)).toHaveLength(1);
    await patch(playlistId, { visibility: 'private' });
    await expectProblem(
      await api(`/api/v1/playlists/${playlistId}/duplicate`, { as: 'bob', method: 'POST' }),
      404,
      'not_found',
    );
  });

  it('is listed among one’s own newest first, in pages that neither repeat nor miss one', async () => {
    const accounts = accountsIn('production', bindings);
    const { browser } = await signedUp(accounts);
    const made: string[] = [];
    for (let i = 0; i < 7; i++) {
      const answer = await browser.call('/api/v1/playlists', { json: { title: `Nr ${i}` } });
      made.unshift((await read<PlaylistAnswer>(answer)).playlistId);
    }
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await read<{ items: PlaylistAnswer[]; nextCursor: string | null }>(
        await browser.call(`/api/v1/me/playlists?limit=3${cursor}`),
      );
      seen.push(...page.items.map((item) => item.playlistId));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(made);
    for (const cursor of ['a', btoa('[1,2]'), btoa('{}')]) {
      await expectProblem(
        await browser.call(`/api/v1/me/playlists?cursor=${encodeURIComponent(cursor)}`),
        400,
        'validation_failed',
      );
    }
  });

  it('comes in a thousand at most for each person', async () => {
    const accounts = accountsIn('production', bindings);
    const { browser, id } = await signedUp(accounts);
    await rowsOf(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
       INSERT INTO playlist_members (playlist_id, user_id, role, position, created_at_ms)
       SELECT 'p' || i, ?, 'editor', 'a' || i, 1 FROM n RETURNING user_id`,
      id,
    );
    await expectProblem(
      await browser.call('/api/v1/playlists', { json: { title: 'One more' } }),
      409,
      'too_many_playlists',
    );
  });
});
