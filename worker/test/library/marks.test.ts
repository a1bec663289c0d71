import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { servicesOf } from '../../src/services.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { api, bindingsWith, type Call, read } from '../support/api.ts';
import { anArtist, aRelease, aTrack, hideTrack } from '../support/catalogue.ts';
import type { Person } from '../support/people.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

interface Item {
  kind: string;
  id: string;
  likedAt?: string;
  card: { title?: string; name?: string } | null;
}
interface Page {
  items: Item[];
  nextCursor: string | null;
}
interface Counts {
  items: { id: string; likes: number; followers: number }[];
}

const put = (path: string, as: Person = 'lena', call: Call = {}) =>
  api(`/api/v1/me/${path}`, { method: 'PUT', as, ...call });
const remove = (path: string, as: Person = 'lena') => api(`/api/v1/me/${path}`, { method: 'DELETE', as });
const list = async (path: string, as: Person = 'lena') => read<Page>(await api(`/api/v1/me/${path}`, { as }));

async function countsOf(id: string) {
  const answer = await read<Counts>(await api(`/api/v1/counts?ids=${id}`));
  expect(answer.items).toHaveLength(1);
  const [{ likes = -1, followers = -1 } = {}] = answer.items;
  return { likes, followers };
}

describe('a like', () => {
  it.each(['track', 'release', 'artist'] as const)(
    'of a %s is kept with its card, counted, and taken back',
    async (kind) => {
      const artistId = await anArtist('Robin');
      const releaseId = await aRelease(artistId);
      const id = { track: await aTrack(), release: releaseId, artist: artistId }[kind];
      expect((await put(`likes/${kind}/${id}`)).status).toBe(204);
      const [first] = (await list(`likes/${kind}?limit=1`)).items;
      expect(first).toMatchObject({ kind, id, card: { [`${kind}Id`]: id } });
      expect(Math.abs(Date.parse(first?.likedAt ?? '') - Date.now())).toBeLessThan(60_000);
      expect(await countsOf(id)).toEqual({ likes: 1, followers: 0 });
      expect((await remove(`likes/${kind}/${id}`)).status).toBe(204);
      expect((await list(`likes/${kind}`)).items.map((item) => item.id)).not.toContain(id);
      expect(await countsOf(id)).toEqual({ likes: 0, followers: 0 });
      expect(await rowsOf('SELECT * FROM library_counts WHERE target_id = ?', id)).toEqual([]);
    },
  );

  it('counts once however often and at the same moment it comes, and so does taking it back', async () => {
    const trackId = await aTrack();
    const everyone = ['lena', 'bob', 'alice', 'olga'] as const;
    const likes = everyone.flatMap((as) =>
      Array.from({ length: 6 }, () => put(`likes/track/${trackId}`, as)),
    );
    for (const { status } of await Promise.all(likes)) expect(status).toBe(204);
    expect(await countsOf(trackId)).toEqual({ likes: 4, followers: 0 });
    await Promise.all(
      (['lena', 'bob'] as const).flatMap((as) =>
        Array.from({ length: 6 }, () => remove(`likes/track/${trackId}`, as)),
      ),
    );
    expect(await countsOf(trackId)).toEqual({ likes: 2, followers: 0 });
    // Back and forth at once: whatever order wins, counters equal the rows.
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 === 0 ? put(`likes/track/${trackId}`) : remove(`likes/track/${trackId}`),
      ),
    );
    const rows = await rowsOf('SELECT user_id FROM likes WHERE target_id = ?', trackId);
    expect((await countsOf(trackId)).likes).toBe(rows.length);
  });

  it('repeated later keeps its place in the list', async () => {
    const [early, late] = [await aTrack(), await aTrack()];
    await put(`likes/track/${early}`);
    await rowsOf(
      'UPDATE likes SET created_at_ms = created_at_ms - 5000 WHERE target_id = ? RETURNING kind',
      early,
    );
    await put(`likes/track/${late}`);
    await put(`likes/track/${early}`);
    const ids = (await list('likes/track?limit=100')).items.map(({ id }) => id);
    expect(ids.filter((id) => id === early || id === late)).toEqual([late, early]);
  });

  it('of what is hidden or of nothing is refused and leaves no trace', async () => {
    const hidden = await aTrack({ isListed: false });
    const secret = await anArtist('Nobody yet', { isListed: false });
    const draft = await aRelease(secret, { isListed: false });
    for (const path of [
      `likes/track/${hidden}`,
      `likes/artist/${secret}`,
      `likes/release/${draft}`,
      `likes/track/${newId('trk')}`,
      `likes/playlist/${newId('pls')}`,
      `follows/artist/${secret}`,
      'follows/person/nobody_at_all',
    ]) {
      await expectProblem(await put(path), 404, 'not_found');
    }
    expect(await rowsOf('SELECT * FROM likes WHERE target_id IN (?, ?, ?)', hidden, secret, draft)).toEqual(
      [],
    );
    expect(await countsOf(hidden)).toEqual({ likes: 0, followers: 0 });
    // Taking away what is not there tells nobody whether it exists.
    expect((await remove(`likes/track/${hidden}`)).status).toBe(204);
  });

  it('of what went private keeps its place and shows nothing of it', async () => {
    const tracks = [await aTrack(), await aTrack({ title: 'Secret' }), await aTrack()];
    for (const id of tracks) await put(`likes/track/${id}`, 'bob');
    await hideTrack(tracks[1] ?? '');
    const page = await list('likes/track?limit=3', 'bob');
    expect(page.items.map(({ id }) => id).toSorted()).toEqual(tracks.toSorted());
    expect(page.items.find(({ id }) => id === tracks[1])?.card).toBeNull();
    expect(JSON.stringify(page)).not.toContain('Secret');
    expect(page.items.filter(({ card }) => card !== null)).toHaveLength(2);
  });

  it('names a thing of its kind', async () => {
    const trackId = await aTrack();
    for (const path of [
      `likes/artist/${trackId}`,
      'likes/track/x',
      `likes/person/lena`,
      'follows/person/__',
    ]) {
      await expectProblem(await put(path), 400, 'validation_failed');
    }
  });
});

it('likes are listed newest first in pages that neither repeat nor miss one, also of the same moment', async () => {
  const tracks = await Promise.all(Array.from({ length: 7 }, () => aTrack()));
  for (const id of tracks) await put(`likes/track/${id}`, 'olga');
  await rowsOf("UPDATE likes SET created_at_ms = 5 WHERE user_id = 'olga' RETURNING kind");
  await rowsOf('UPDATE likes SET created_at_ms = 6 WHERE target_id = ? RETURNING kind', tracks[3]);
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const page = await list(`likes/track?limit=2${cursor}`, 'olga');
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(seen[0]).toBe(tracks[3]);
  expect(seen.toSorted()).toEqual([...new Set(seen)].toSorted());
  expect(seen).toEqual(expect.arrayContaining(tracks));
  await expectProblem(await api('/api/v1/me/likes/track?cursor=x', { as: 'olga' }), 400, 'validation_failed');
});

const accounts = accountsIn('development', bindingsWith({}), { RATE_LIMIT_FACTOR: '1000' });

describe('following', () => {
  it('people goes by their handle and stays theirs when they change it', async () => {
    const [ann, ben] = [await signedUp(accounts), await signedUp(accounts)];
    const follow = (handle: string) =>
      ann.browser.call(`/api/v1/me/follows/person/${handle}`, { method: 'PUT' });
    expect((await follow(ben.handle)).status).toBe(204);
    expect((await follow(ben.handle)).status).toBe(204);
    await expectProblem(await follow(ann.handle), 422, 'cannot_follow_self');
    expect(await countsOf(`@${ben.handle}`)).toEqual({ likes: 0, followers: 1 });
    await rowsOf('UPDATE users SET handle = ? WHERE id = ? RETURNING id', `${ben.handle}x`, ben.id);
    const page = await read<Page>(await ann.browser.call('/api/v1/me/follows/person'));
    expect(page.items).toEqual([
      expect.objectContaining({
        kind: 'person',
        id: `${ben.handle}x`,
        card: expect.objectContaining({ name: ben.name }),
      }),
    ]);
    expect(JSON.stringify(page)).not.toContain(ben.id);
    await ann.browser.call(`/api/v1/me/follows/person/${ben.handle}x`, { method: 'DELETE' });
    expect(await countsOf(`@${ben.handle}x`)).toEqual({ likes: 0, followers: 0 });
  });

  it('shows nobody who is leaving, and counts them for nobody', async () => {
    const [ann, ben] = [await signedUp(accounts), await signedUp(accounts)];
    await ann.browser.call(`/api/v1/me/follows/person/${ben.handle}`, { method: 'PUT' });
    await rowsOf('UPDATE users SET deletes_at_ms = 9e15 WHERE id = ? RETURNING id', ben.id);
    expect(await read<Page>(await ann.browser.call('/api/v1/me/follows/person'))).toEqual({
      items: [],
      nextCursor: null,
    });
    expect(await countsOf(`@${ben.handle}`)).toEqual({ likes: 0, followers: 0 });
    const again = await ann.browser.call(`/api/v1/me/follows/person/${ben.handle}`, { method: 'PUT' });
    await expectProblem(again, 404, 'not_found');
    expect(
      (await ann.browser.call(`/api/v1/me/follows/person/${ben.handle}`, { method: 'DELETE' })).status,
    ).toBe(204);
    expect(await rowsOf('SELECT * FROM follows WHERE user_id = ?', ann.id)).toEqual([]);
  });

  it('artists and liking them are two things with two counters', async () => {
    const artistId = await anArtist();
    await put(`follows/artist/${artistId}`);
    await put(`follows/artist/${artistId}`, 'bob');
    await put(`likes/artist/${artistId}`);
    expect(await countsOf(artistId)).toEqual({ likes: 1, followers: 2 });
    await remove(`follows/artist/${artistId}`);
    await remove(`likes/artist/${artistId}`);
    expect(await countsOf(artistId)).toEqual({ likes: 0, followers: 1 });
    expect((await list('follows/artist', 'bob')).items[0]).toMatchObject({
      id: artistId,
      card: { artistId },
    });
  });
});

describe('relations', () => {
  it('tell of each thing, in the order asked, how only the asking one stands to it', async () => {
    const [artistId, trackId] = [await anArtist(), await aTrack()];
    const releaseId = await aRelease(artistId);
    const ben = await signedUp(accounts);
    await put(`likes/release/${releaseId}`);
    await put(`follows/artist/${artistId}`);
    await put(`follows/person/${ben.handle}`);
    await put(`ratings/${trackId}`, 'lena', { json: { stars: 4 } });
    const ids = [trackId, `@${ben.handle}`, artistId, '@nobody_here', releaseId];
    const ask = async (as: Person) =>
      (await read<{ items: unknown[] }>(await api(`/api/v1/me/relations?ids=${ids.join()}`, { as }))).items;
    const none = (id: string | undefined) => ({ id, liked: false, followed: false, stars: null });
    expect(await ask('lena')).toEqual([
      { ...none(ids[0]), stars: 4 },
      { ...none(ids[1]), followed: true },
      { ...none(ids[2]), followed: true },
      none(ids[3]),
      { ...none(ids[4]), liked: true },
    ]);
    expect(await ask('bob')).toEqual(ids.map(none));
  });

  it('and counters take a hundred ids at once, and not one more', async () => {
    const ids = Array.from({ length: 101 }, () => newId('trk'));
    for (const path of ['me/relations', 'counts']) {
      const some = await api(`/api/v1/${path}?ids=${ids.slice(1).join()}`, { as: 'lena' });
      expect((await read<{ items: unknown[] }>(some)).items).toHaveLength(100);
      for (const wrong of [ids.join(), '', 'x', `${ids[0]},`, 'usr_01kaf3w5c8q2t9v7x1y4z6b0de']) {
        const refused = await api(`/api/v1/${path}?ids=${wrong}`, { as: 'lena' });
        await expectProblem(refused, 400, 'validation_failed');
      }
    }
  });

  it('of anyone are asked by them alone; counters by everyone, and may be remembered', async () => {
    const counts = await api(`/api/v1/counts?ids=${newId('trk')}`);
    expect(counts.headers.get('cache-control')).toBe('public, max-age=30');
    const relations = await api(`/api/v1/me/relations?ids=${newId('trk')}`, { as: 'lena' });
    expect(relations.headers.get('cache-control')).toBe('no-store');
  });
});

describe('ratings', () => {
  it('are given, changed, listed newest first and taken back', async () => {
    const [one, two] = [await aTrack(), await aTrack({ title: 'Second' })];
    await put(`ratings/${one}`, 'bob', { json: { stars: 2 } });
    await rowsOf('UPDATE ratings SET rated_at_ms = 5 WHERE track_id = ? RETURNING stars', one);
    await put(`ratings/${two}`, 'bob', { json: { stars: 3 } });
    await put(`ratings/${one}`, 'bob', { json: { stars: 2 } });
    const ofBob = async () =>
      (await read<{ items: unknown[] }>(await api('/api/v1/me/ratings?limit=2', { as: 'bob' }))).items;
    expect(await ofBob()).toMatchObject([
      { trackId: two, stars: 3, track: { title: 'Second' } },
      { trackId: one, stars: 2 },
    ]);
    await put(`ratings/${one}`, 'bob', { json: { stars: 5 } });
    expect(await ofBob()).toMatchObject([{ trackId: one, stars: 5 }, { trackId: two }]);
    await hideTrack(two);
    expect(await ofBob()).toMatchObject([{ trackId: one }, { trackId: two, stars: 3, track: null }]);
    expect((await remove(`ratings/${one}`, 'bob')).status).toBe(204);
    expect((await remove(`ratings/${one}`, 'bob')).status).toBe(204);
    expect(await ofBob()).toMatchObject([{ trackId: two }]);
  });

  it('are whole stars from one to five, of what can be seen', async () => {
    const trackId = await aTrack();
    for (const stars of [0, 6, 2.5, -1, '3', null]) {
      await expectProblem(
        await put(`ratings/${trackId}`, 'lena', { json: { stars } }),
        400,
        'validation_failed',
      );
    }
    await hideTrack(trackId);
    await expectProblem(await put(`ratings/${trackId}`, 'lena', { json: { stars: 3 } }), 404, 'not_found');
  });
});

it('the copy of somebody’s data has everything they like, follow and rated', async () => {
  const [ann, ben] = [await signedUp(accounts), await signedUp(accounts)];
  const trackId = await aTrack();
  for (const [path, json] of [
    [`likes/track/${trackId}`, undefined],
    [`follows/person/${ben.handle}`, undefined],
    [`ratings/${trackId}`, { stars: 2 }],
  ] as const) {
    await ann.browser.call(`/api/v1/me/${path}`, { method: 'PUT', ...(json && { json }) });
  }
  const documents = new Map<string, unknown>();
  for await (const document of servicesOf(accounts.bindings).myData.sources.documents(ann.id)) {
    if ('content' in document) documents.set(document.path, document.content);
  }
  expect(documents.get('library/likes.json')).toMatchObject([{ kind: 'track', id: trackId }]);
  expect(documents.get('library/follows.json')).toMatchObject([{ kind: 'person', id: ben.id }]);
  expect(documents.get('library/ratings.json')).toMatchObject([{ trackId, stars: 2 }]);
});

describe('a token', () => {
  it('needs the scope to change the library, and only that', async () => {
    const person = await signedUp(accounts);
    const key = await person.browser.call('/api/v1/me/api-keys', {
      json: { name: 'Reader', scopes: ['library:read'], expiresInDays: null },
    });
    const headers = { authorization: `Bearer ${(await read<{ key: string }>(key)).key}` };
    expect((await accounts.api('/api/v1/me/likes/track', { headers })).status).toBe(200);
    const path = `/api/v1/me/likes/track/${await aTrack()}`;
    await expectProblem(await accounts.api(path, { method: 'PUT', headers }), 403, 'forbidden');
  });
});

it('no question of the library reads a whole table', async () => {
  const asked: string[] = [];
  const prepare = env.DB.prepare.bind(env.DB);
  vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => {
    asked.push(sql);
    return prepare(sql);
  });
  const trackId = await aTrack();
  const path = `likes/track/${trackId}`;
  await put(path);
  await put(`ratings/${trackId}`, 'lena', { json: { stars: 1 } });
  for (const name of ['likes/track?limit=1', 'follows/artist', 'follows/person', 'ratings?limit=1']) {
    const { nextCursor } = await list(name);
    if (nextCursor !== null) await list(`${name}&cursor=${nextCursor}`);
  }
  await list(`relations?ids=${trackId},@lena`);
  await api(`/api/v1/counts?ids=${trackId}`);
  await remove(path);
  vi.restoreAllMocks();
  const ours = [...new Set(asked)].filter((sql) => /"(likes|follows|ratings|library_counts)"/.test(sql));
  expect(ours.length).toBeGreaterThan(10);
  for (const sql of ours) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...Array.from(sql.matchAll(/\?/g), () => '1'))
      .all<{ detail: string }>();
    const plan = results.map(({ detail }) => detail).join('; ');
    expect(plan, sql).not.toMatch(/SCAN (?!CONSTANT)|USE TEMP B-TREE/);
  }
});
