import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { apiWith, bindingsWith, PRODUCTION, read } from '../support/api.ts';
import {
  addTracks,
  allEntries,
  type ChangedAnswer,
  makePlaylist,
  type PlaylistAnswer,
  tracksLike,
} from '../support/playlists.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const api = apiWith(bindingsWith({ ...PRODUCTION, RATE_LIMIT_FACTOR: '1000' }));
const alice = { as: 'alice' } as const;

const change = (playlistId: string, what: string, json: object, as: 'alice' | 'bob' = 'alice') =>
  api(`/api/v1/playlists/${playlistId}/entries${what}`, { as, json });
const order = async (playlistId: string, as: 'alice' | 'bob' = 'alice') =>
  (await allEntries(api, playlistId, { as })).map(({ entryId }) => entryId);

/** Asserts that what the playlist says of itself is what is in it. */
async function expectCounted(playlistId: string): Promise<void> {
  const [counted] = await rowsOf(
    `SELECT p.entry_count AS said, p.duration_seconds AS saidSeconds,
       (SELECT count(*) FROM playlist_entries e WHERE e.playlist_id = p.id AND removed_at_ms IS NULL) AS is_so,
       (SELECT ifnull(sum(duration_seconds), 0) FROM playlist_entries e WHERE e.playlist_id = p.id AND removed_at_ms IS NULL) AS isSeconds
     FROM playlists p WHERE p.id = ?`,
    playlistId,
  );
  const { said, is_so, saidSeconds, isSeconds } = counted as Record<string, number>;
  expect([said, saidSeconds]).toEqual([is_so, isSeconds]);
}

describe('entries', () => {
  it('go to the end, to the start or behind another, in the order given, page by page', async () => {
    const playlistId = await makePlaylist(api, alice);
    const tracks = await tracksLike(Array.from({ length: 7 }, () => ({})));
    const [a = '', b = ''] = await addTracks(api, playlistId, tracks.slice(0, 2), alice);
    const [c = '', d = ''] = await addTracks(api, playlistId, tracks.slice(2, 4), { ...alice, after: null });
    const [e = '', f = ''] = await addTracks(api, playlistId, tracks.slice(4, 6), { ...alice, after: a });
    const [g = ''] = await addTracks(api, playlistId, tracks.slice(6), alice);
    expect(await order(playlistId)).toEqual([c, d, a, e, f, b, g]);
    const paged = await allEntries(api, playlistId, alice, 2);
    expect(paged.map(({ entryId }) => entryId)).toEqual([c, d, a, e, f, b, g]);
    const whole = await read<PlaylistAnswer>(await api(`/api/v1/playlists/${playlistId}`, alice));
    expect(whole).toMatchObject({ trackCount: 7, durationSeconds: 420 });
    expect(whole.entries.items.map(({ entryId }) => entryId)).toEqual([c, d, a, e, f, b, g]);
    await expectCounted(playlistId);
    const elsewhere = await makePlaylist(api, alice);
    const problem = await expectProblem(
      await change(elsewhere, '', { entries: [{ trackId: tracks[0] }], after: a }),
      400,
      'validation_failed',
    );
    expect(problem.issues?.[0]?.path).toBe('after');
  });

  it('added twice with the same ids are added once, also at the same moment, and stay removed', async () => {
    const playlistId = await makePlaylist(api, alice);
    const [trackId] = await tracksLike([{}]);
    const entryId = newId('ple');
    const add = () => change(playlistId, '', { entries: [{ entryId, trackId }] });
    const answers = await Promise.all(Array.from({ length: 8 }, add));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await order(playlistId)).toEqual([entryId]);
    await expectCounted(playlistId);
    for (let i = 0; i < 2; i++) await change(playlistId, '/removals', { entryIds: [entryId] });
    await add();
    expect(await order(playlistId), 'a late repetition brings nothing back').toEqual([]);
    await expectCounted(playlistId);
  });

  it('whose tracks are in already ask first, then are skipped or added again', async () => {
    const playlistId = await makePlaylist(api, alice);
    const [a = '', b = '', c = ''] = await tracksLike([{}, {}, {}]);
    await addTracks(api, playlistId, [a, b], alice);
    const entries = [{ trackId: a }, { trackId: c }];
    const asked = await change(playlistId, '', { entries });
    const problem = await expectProblem(asked, 409, 'duplicate_tracks');
    expect(problem).toMatchObject({ trackIds: [a] });
    const skipped = await read<ChangedAnswer>(await change(playlistId, '', { entries, duplicates: 'skip' }));
    expect(skipped).toMatchObject({ trackCount: 3, skippedTrackIds: [a], entries: [{ trackId: c }] });
    const allowed = await read<ChangedAnswer>(await change(playlistId, '', { entries, duplicates: 'allow' }));
    expect(allowed).toMatchObject({ trackCount: 5, skippedTrackIds: [] });
    const nothing = await read<ChangedAnswer>(await change(playlistId, '', { entries, duplicates: 'skip' }));
    expect(nothing).toMatchObject({ trackCount: 5, entries: [] });
  });

  it('are removed and come back to where they were, whatever happened in between', async () => {
    const playlistId = await makePlaylist(api, alice);
    const tracks = await tracksLike(Array.from({ length: 5 }, () => ({})));
    const [a = '', b = '', c = '', d = ''] = await addTracks(api, playlistId, tracks.slice(0, 4), alice);
    await change(playlistId, '/removals', { entryIds: [b, c, newId('ple')] });
    expect(await order(playlistId)).toEqual([a, d]);
    await expectCounted(playlistId);
    const [e = ''] = await addTracks(api, playlistId, tracks.slice(4), { ...alice, after: null });
    await change(playlistId, '/moves', { entryIds: [d], after: null });
    for (let i = 0; i < 2; i++) await change(playlistId, '/restorations', { entryIds: [c, b] });
    expect(await order(playlistId)).toEqual([d, e, a, b, c]);
    await expectCounted(playlistId);
  });

  it('move together in the order given, behind another, to the start and to the end', async () => {
    const playlistId = await makePlaylist(api, alice);
    const tracks = await tracksLike(Array.from({ length: 5 }, () => ({})));
    const [a = '', b = '', c = '', d = '', e = ''] = await addTracks(api, playlistId, tracks, alice);
    const move = async (entryIds: string[], after?: string | null) => {
      const json = { entryIds, ...(after === undefined ? {} : { after }) };
      expect((await change(playlistId, '/moves', json)).status).toBe(200);
      return order(playlistId);
    };
    expect(await move([e, b], a)).toEqual([a, e, b, c, d]);
    expect(await move([e, b], a), 'again').toEqual([a, e, b, c, d]);
    expect(await move([d], null)).toEqual([d, a, e, b, c]);
    expect(await move([a])).toEqual([d, e, b, c, a]);
    expect(await move([e], d), 'to where it is').toEqual([d, e, b, c, a]);
    await expectCounted(playlistId);
    for (const json of [
      { entryIds: [a, b], after: b },
      { entryIds: [a, a] },
      { entryIds: [] },
      { entryIds: [a], after: newId('ple') },
    ]) {
      await expectProblem(await change(playlistId, '/moves', json), 400, 'validation_failed');
    }
  });

  it('of one playlist are out of reach of another, whoever owns both', async () => {
    const [mine, other] = [await makePlaylist(api, alice), await makePlaylist(api, alice)];
    const tracks = await tracksLike([{}, {}]);
    const entryIds = await addTracks(api, mine, tracks, alice);
    await change(other, '/removals', { entryIds });
    await change(other, '/moves', { entryIds, after: null });
    await change(other, '', { entries: [{ entryId: entryIds[0], trackId: tracks[1] }] });
    expect(await order(mine)).toEqual(entryIds);
    expect(await order(other)).toEqual([]);
    await expectCounted(mine);
    await expectCounted(other);
  });

  it('whose tracks are hidden from who looks keep their place and say nothing of them', async () => {
    const playlistId = await makePlaylist(api, alice, { visibility: 'public' });
    const [shown = '', hidden = '', drawn = ''] = await tracksLike([
      {},
      { ownerId: 'alice', isListed: false, title: 'Secret' },
      {},
    ]);
    await addTracks(api, playlistId, [shown, hidden, drawn], alice);
    await rowsOf('UPDATE tracks SET listed_at_ms = NULL WHERE id = ? RETURNING id', drawn);
    const seen = await allEntries(api, playlistId, { as: 'bob' });
    expect(seen.map(({ track }) => track?.title ?? null)).toEqual(['A song', null, null]);
    expect(JSON.stringify(seen)).not.toContain('Secret');
    expect((await allEntries(api, playlistId, alice))[1]?.track?.title).toBe('Secret');
    const bobs = await makePlaylist(api, { as: 'bob' });
    const refused = await change(bobs, '', { entries: [{ trackId: shown }, { trackId: hidden }] }, 'bob');
    expect(await expectProblem(refused, 404, 'not_found')).toMatchObject({ trackIds: [hidden] });
    expect(await order(bobs, 'bob')).toEqual([]);
  });

  it('are ten thousand at most, also where many add at once, and one can be swapped for another', async () => {
    const playlistId = await makePlaylist(api, alice);
    const [trackId = ''] = await tracksLike([{}]);
    await rowsOf(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9998)
       INSERT INTO playlist_entries (id, playlist_id, track_id, position, duration_seconds, added_at_ms)
       SELECT 'ple_' || lower(hex(randomblob(13))), ?1, ?2, printf('b%02d', i / 100) || printf('%02dV', i % 100), 60, 1 FROM n RETURNING 1`,
      playlistId,
      trackId,
    );
    await rowsOf(
      'UPDATE playlists SET entry_count = 9998, duration_seconds = 9998 * 60 WHERE id = ? RETURNING id',
      playlistId,
    );
    const add = () => change(playlistId, '', { entries: [{ trackId }], duplicates: 'allow' });
    const answers = await Promise.all(Array.from({ length: 6 }, add));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 409, 409, 409, 409]);
    await expectCounted(playlistId);
    const problem = await add();
    await expectProblem(problem, 409, 'playlist_full');
    const { entries } = await read<PlaylistAnswer>(await api(`/api/v1/playlists/${playlistId}`, alice));
    const [first] = entries.items;
    await change(playlistId, '/removals', { entryIds: [first?.entryId] });
    expect((await add()).status).toBe(200);
    await expectProblem(
      await change(playlistId, '/restorations', { entryIds: [first?.entryId] }),
      409,
      'playlist_full',
    );
    expect((await change(playlistId, '/moves', { entryIds: [entries.items[5]?.entryId] })).status).toBe(200);
    await expectCounted(playlistId);
  });

  it('give the playlist the covers of its first four different pictures', async () => {
    const playlistId = await makePlaylist(api, alice);
    const tracks = await tracksLike(Array.from({ length: 6 }, (_, index) => ({ hasArtwork: index !== 1 })));
    const entryIds = await addTracks(api, playlistId, tracks, alice);
    const covers = async () => {
      const { covers: shown } = await read<PlaylistAnswer>(
        await api(`/api/v1/playlists/${playlistId}`, alice),
      );
      return shown.map(({ url300 }) => tracks.findIndex((trackId) => url300.includes(trackId)));
    };
    expect(await covers()).toEqual([0, 2, 3, 4]);
    await change(playlistId, '/removals', { entryIds: [entryIds[0]] });
    expect(await covers()).toEqual([2, 3, 4, 5]);
    await change(playlistId, '/moves', { entryIds: [entryIds[5]], after: null });
    expect(await covers()).toEqual([5, 2, 3, 4]);
  });
});

describe('two people at work on one playlist at the same time', () => {
  it('lose nothing of one another and see the same order', async () => {
    const playlistId = await makePlaylist(api, alice);
    const invited = await api(`/api/v1/playlists/${playlistId}/invitations`, { ...alice, method: 'POST' });
    const { token } = await read<{ token: string }>(invited);
    await api('/api/v1/playlist-invitations/accept', { as: 'bob', json: { token } });
    const tracks = await tracksLike(Array.from({ length: 90 }, () => ({})));
    const base = await addTracks(api, playlistId, tracks.slice(0, 20), alice);
    const removed = [base[3] ?? '', base[4] ?? ''];
    const adding: Promise<string[]>[] = [];
    const others: Promise<Response>[] = [];
    for (let i = 0; i < 10; i++) {
      const place = i % 3 === 0 ? undefined : i % 3 === 1 ? null : base[10];
      for (const [as, from] of [
        ['alice', 20],
        ['bob', 55],
      ] as const) {
        adding.push(
          addTracks(api, playlistId, tracks.slice(from + i * 3, from + i * 3 + 3), {
            as,
            ...(place === undefined ? {} : { after: place }),
          }),
        );
      }
      others.push(change(playlistId, '/moves', { entryIds: [base[i]], after: base[15] }, 'alice'));
      others.push(change(playlistId, '/moves', { entryIds: [base[19 - i]], after: base[i] }, 'bob'));
    }
    others.push(change(playlistId, '/removals', { entryIds: removed }, 'bob'));
    others.push(change(playlistId, '/removals', { entryIds: removed }, 'alice'));
    const added = await Promise.all(adding);
    for (const answer of await Promise.all(others)) expect(answer.status).toBe(200);

    const mine = await order(playlistId, 'alice');
    expect(await order(playlistId, 'bob')).toEqual(mine);
    const expected = [...base, ...added.flat()].filter((id) => !removed.includes(id));
    expect(mine.toSorted()).toEqual(expected.toSorted());
    for (const group of added) {
      const at = group.map((id) => mine.indexOf(id));
      expect(at, 'what was added together is in its order').toEqual(at.toSorted((x, y) => x - y));
    }
    const positions = (await allEntries(api, playlistId, alice)).map(({ position }) => position);
    expect(new Set(positions).size).toBe(positions.length);
    await expectCounted(playlistId);
  });

  it('keep blocks that both put at the same place apart', async () => {
    const playlistId = await makePlaylist(api, alice);
    const tracks = await tracksLike(Array.from({ length: 60 }, () => ({})));
    const add = (from: number) => addTracks(api, playlistId, tracks.slice(from, from + 30), alice);
    const [one = [], two = []] = await Promise.all([add(0), add(30)]);
    const mine = await order(playlistId);
    expect([
      [...one, ...two],
      [...two, ...one],
    ]).toContainEqual(mine);
  });
});
