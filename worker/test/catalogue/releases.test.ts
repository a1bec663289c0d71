import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, apiWith, read } from '../support/api.ts';
import { FaultyWorld } from '../support/failing-bindings.ts';
import { sweepIn } from '../support/installation.ts';
import { BLUE, pngOf, RED } from '../support/pictures.ts';
import { expectProblem } from '../support/refusals.ts';
import { keysUnder, rowsOf } from '../support/state.ts';
import { type EditRelease, openStudio, type Studio } from '../support/studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
// Sweeps here run ahead of the clock; lists of other tests, by date, must not begin with what came out then.
afterAll(async () => {
  for (const table of ['tracks', 'releases', 'release_labels'])
    await rowsOf(`UPDATE ${table} SET listed_at_ms = 1 WHERE listed_at_ms > ? RETURNING 1`, Date.now());
});

const patch = (releaseId: string, json: unknown) =>
  studio.call(`/api/v1/releases/${releaseId}`, { method: 'PATCH', json });
const act = (releaseId: string, what: string) =>
  studio.call(`/api/v1/releases/${releaseId}/${what}`, { method: 'POST' });

let serial = 0;
const unlikeGenre = () => `Genre ${Date.now().toString(36)} ${serial++}`;
const countOf = async (name: string) => {
  const [row] = await rowsOf<{ release_count: number }>(
    'SELECT release_count FROM labels WHERE name = ?',
    name,
  );
  return row?.release_count;
};
const listedOf = async (releaseId: string) => {
  const [release] = await rowsOf<{ listed: number }>(
    'SELECT listed_at_ms IS NOT NULL listed FROM releases WHERE id = ?',
    releaseId,
  );
  const tracks = await rowsOf<{ listed: number }>(
    'SELECT DISTINCT listed_at_ms IS NOT NULL listed FROM tracks WHERE release_id = ?',
    releaseId,
  );
  const labels = await rowsOf<{ listed: number }>(
    'SELECT DISTINCT listed_at_ms IS NOT NULL listed FROM release_labels WHERE release_id = ?',
    releaseId,
  );
  return [release, ...tracks, ...labels].map((row) => row?.listed === 1);
};

describe('a draft', () => {
  it('is empty at first, says what is missing, and only members know of it', async () => {
    const draft = await studio.begin();
    expect(draft).toMatchObject({ title: '', state: 'draft', kind: 'single', typedFields: [], tracks: [] });
    expect(draft.checklist.map(({ code }) => code)).toEqual(['title', 'artwork', 'tracks']);
    const path = `/api/v1/releases/${draft.releaseId}`;
    await expectProblem(await studio.call(`${path}/edit`, { as: 'bob' }), 404, 'not_found');
    await expectProblem(
      await studio.api('/api/v1/releases', { as: 'bob', json: { artistId: studio.artistId } }),
      404,
      'not_found',
    );
    const refusal = await expectProblem(await act(draft.releaseId, 'publish'), 409, 'release_incomplete');
    expect(refusal).toMatchObject({ checklist: draft.checklist });
  });

  it('keeps what is typed, and refuses what cannot be', async () => {
    const { releaseId } = await studio.begin();
    const said = {
      title: 'Dawn chorus',
      kind: 'ep',
      releaseDate: '2026-05',
      label: 'Hedge Records',
      upc: '4006381333931',
      licence: 'cc-by-sa-4.0',
      description: 'Birds.\nMore birds.',
      genres: ['Dream Pop', 'dream pop', 'Эмбиент'],
      tags: ['birds'],
    };
    const answer = await patch(releaseId, said);
    expect(answer.status).toBe(200);
    const release = await read<EditRelease>(answer);
    expect(release).toMatchObject({ ...said, genres: ['Dream Pop', 'Эмбиент'] });
    expect(release.typedFields.toSorted()).toEqual(Object.keys(said).toSorted());
    for (const wrong of [
      { upc: '4006381333932' },
      { releaseDate: '2026-02-30' },
      { licence: 'mine' },
      { kind: 'lp' },
      { genres: ['a', 'b', 'c', 'd', 'e', 'f'] },
      { genres: ['!!!'] },
      { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) },
      { description: 'x'.repeat(5001) },
      { unknown: 1 },
    ])
      await expectProblem(await patch(releaseId, wrong), 400, 'validation_failed');
    expect(await read(await patch(releaseId, { upc: null, genres: [] }))).toMatchObject({
      upc: null,
      genres: [],
    });
  });

  it('gets a cover, another, and none, without leaving pictures behind', async () => {
    const { releaseId } = await studio.begin();
    const path = `/api/v1/releases/${releaseId}/artwork`;
    const put = async (colours: Parameters<typeof pngOf>[2]) =>
      // By the real transcoder.
      api(path, {
        method: 'PUT',
        as: 'alice',
        body: await pngOf(700, 700, colours),
        headers: { 'content-type': 'image/png' },
      });
    const first = await put([RED, BLUE]);
    expect(first.status).toBe(200);
    const { artwork } = await read<EditRelease>(await put([BLUE, RED]));
    expect((await studio.api(artwork?.url64 ?? '')).status).toBe(200);
    expect(await keysUnder(`images/${releaseId}/`)).toHaveLength(3);
    const gone = await read<EditRelease>(await studio.call(path, { method: 'DELETE' }));
    expect([gone.artwork, gone.hasNoArtwork]).toEqual([null, true]);
    expect(gone.checklist.map(({ code }) => code)).not.toContain('artwork');
    expect(await keysUnder(`images/${releaseId}/`)).toEqual([]);
  });

  it('is listed among mine, by state, page by page', async () => {
    const own = await openStudio();
    const made = [await own.begin(), await own.begin(), await own.complete()];
    await own.call(`/api/v1/releases/${made[2]?.releaseId}/publish`, { method: 'POST' });
    const list = async (query: string) =>
      read<{ items: EditRelease[]; nextCursor: string | null }>(
        await own.call(`/api/v1/me/releases?${query}`),
      );
    const ids = (items: readonly EditRelease[]) => items.map(({ releaseId }) => releaseId);
    const newest = made.map(({ releaseId }) => releaseId).toReversed();
    const first = await list('limit=2');
    expect(ids(first.items)).toEqual(newest.slice(0, 2));
    const second = await list(`limit=1&cursor=${first.nextCursor}`);
    expect(ids(second.items)).toEqual(newest.slice(2));
    const published = await list('state=published&limit=1');
    expect(ids(published.items)).toEqual(newest.slice(0, 1));
  });

  it('is deleted with its tracks, their files and what was made of them', async () => {
    const { releaseId, tracks } = await studio.complete();
    const ids = tracks.map(({ trackId }) => trackId);
    const keys = async () =>
      (
        await Promise.all(ids.flatMap((id) => [keysUnder(`hls/${id}/`), keysUnder(`originals/${id}/`)]))
      ).flat();
    expect((await keys()).length).toBeGreaterThan(6);
    expect((await studio.call(`/api/v1/releases/${releaseId}`, { method: 'DELETE' })).status).toBe(204);
    expect(await keys()).toEqual([]);
    for (const table of ['tracks', 'releases'])
      expect(await rowsOf(`SELECT id FROM ${table} WHERE id IN (?, ?, ?)`, releaseId, ...ids)).toEqual([]);
    for (const table of ['uploads', 'transcodes', 'track_deletions'])
      expect(await rowsOf(`SELECT track_id FROM ${table} WHERE track_id IN (?, ?)`, ...ids)).toEqual([]);
    await expectProblem(await studio.call(`/api/v1/releases/${releaseId}/edit`), 404, 'not_found');
  });

  it('whose deletion was cut off anywhere is gone for everybody, and wholly after the next sweep', async () => {
    for (let at = 1; ; at++) {
      const { releaseId, tracks } = await studio.complete(['Only']);
      const [track] = tracks;
      const world = new FaultyWorld({ at, kind: 'dies before' });
      const broken = apiWith(world.around({ ...studio.bindings }));
      await broken(`/api/v1/releases/${releaseId}`, { method: 'DELETE', as: 'alice' }).catch(() => undefined);
      if (world.broken === null) break;
      const rows = await rowsOf('SELECT id FROM releases WHERE id = ?', releaseId);
      if (rows.length === 1) await studio.call(`/api/v1/releases/${releaseId}`, { method: 'DELETE' });
      await studio.sweepAfter(0);
      expect(await keysUnder(`hls/${track?.trackId}/`), `write ${at}`).toEqual([]);
      expect(await keysUnder(`originals/${track?.trackId}/`), `write ${at}`).toEqual([]);
      expect(await rowsOf('SELECT id FROM uploads WHERE track_id = ?', track?.trackId)).toEqual([]);
    }
  });
});

describe('publishing', () => {
  it('makes the release, its tracks, labels and artist public, and withdrawing takes all of it back', async () => {
    const own = await openStudio();
    const genre = unlikeGenre();
    const { releaseId } = await own.complete(['One', 'Two'], { title: 'Dawn Chorus' });
    await own.call(`/api/v1/releases/${releaseId}`, { method: 'PATCH', json: { genres: [genre] } });
    const step = (what: string) => own.call(`/api/v1/releases/${releaseId}/${what}`, { method: 'POST' });
    const [track] = (await own.edit(releaseId)).tracks;
    const stranger = () => own.api(`/api/v1/tracks/${track?.trackId}`);
    const isArtistListed = async () =>
      (await rowsOf('SELECT id FROM artists WHERE id = ? AND listed_at_ms IS NOT NULL', own.artistId)).length;
    expect([await listedOf(releaseId), await countOf(genre), await isArtistListed()]).toEqual([
      [false, false, false],
      0,
      0,
    ]);
    await expectProblem(await stranger(), 404, 'not_found');

    const published = await step('publish');
    expect(published.status).toBe(200);
    expect(await read<EditRelease>(published)).toMatchObject({
      state: 'published',
      slug: 'dawn-chorus',
      releaseDate: new Date().toISOString().slice(0, 10),
    });
    expect([await listedOf(releaseId), await countOf(genre), await isArtistListed()]).toEqual([
      [true, true, true],
      1,
      1,
    ]);
    expect((await stranger()).status).toBe(200);
    await expectProblem(await step('publish'), 409, 'release_state');
    expect(await countOf(genre)).toBe(1);
    await expectProblem(
      await own.call(`/api/v1/releases/${releaseId}`, { method: 'DELETE' }),
      409,
      'release_state',
    );

    expect((await step('withdraw')).status).toBe(200);
    expect([await listedOf(releaseId), await countOf(genre), await isArtistListed()]).toEqual([
      [false, false, false],
      0,
      0,
    ]);
    await expectProblem(await stranger(), 404, 'not_found');
    await expectProblem(await step('withdraw'), 409, 'release_state');
    await own.call(`/api/v1/releases/${releaseId}`, { method: 'PATCH', json: { title: 'Renamed' } });
    expect(await read<EditRelease>(await step('publish')), 'its address stays').toMatchObject({
      state: 'published',
      slug: 'dawn-chorus',
    });
    expect(await countOf(genre)).toBe(1);
  });

  it('twice at once does it once; withdrawing and publishing many times at once keeps the counts', async () => {
    const genre = unlikeGenre();
    const { releaseId } = await studio.complete();
    await patch(releaseId, { genres: [genre], tags: ['birds'] });
    const answers = await Promise.all(Array.from({ length: 6 }, () => act(releaseId, 'publish')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await countOf(genre)).toBe(1);
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => act(releaseId, i % 2 === 0 ? 'withdraw' : 'publish')),
    );
    const { state } = await studio.edit(releaseId);
    expect(await countOf(genre)).toBe(state === 'published' ? 1 : 0);
    const other = unlikeGenre();
    if (state !== 'published') await act(releaseId, 'publish');
    await patch(releaseId, { genres: [other] });
    expect([await countOf(genre), await countOf(other)], 'labels of a public release move').toEqual([0, 1]);
  });

  it('refuses while a track is not ready or has failed, and names it', async () => {
    const { releaseId } = await studio.begin({ title: 'Halfway' });
    await studio.call(`/api/v1/releases/${releaseId}/artwork`, { method: 'DELETE' });
    const bad = await studio.drop({ fault: 'corrupt' }, { releaseId });
    await studio.drain();
    const waiting = await studio.drop({}, { releaseId });
    const refusal = await expectProblem(await act(releaseId, 'publish'), 409, 'release_incomplete');
    expect(refusal).toMatchObject({
      checklist: [
        { code: 'track_failed', trackId: bad.trackId },
        { code: 'track_pending', trackId: waiting.trackId },
      ],
    });
    expect((await studio.call(`/api/v1/tracks/${bad.trackId}`, { method: 'DELETE' })).status).toBe(204);
    await studio.drain();
    expect((await act(releaseId, 'publish')).status).toBe(200);
  });

  it('gives two releases of one name two addresses', async () => {
    const own = await openStudio();
    const slugs = [];
    for (const _ of [1, 2]) {
      const { releaseId } = await own.complete(['One'], { title: 'Same' });
      const answer = await own.call(`/api/v1/releases/${releaseId}/publish`, { method: 'POST' });
      slugs.push((await read<EditRelease>(answer)).slug);
    }
    expect(slugs).toEqual(['same', 'same-2']);
  });
});

describe('a scheduled release', () => {
  const inADay = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
  const schedule = (releaseId: string, json: unknown) =>
    studio.call(`/api/v1/releases/${releaseId}/schedule`, { json });

  it('says when it comes out, can be moved, and does not come out once it is unscheduled', async () => {
    const { releaseId } = await studio.complete();
    for (const wrong of [
      { localDateTime: inADay(), timeZone: 'Mars/Olympus' },
      { localDateTime: '2020-01-01T00:00', timeZone: 'UTC' },
      { localDateTime: '2026-02-30T00:00', timeZone: 'UTC' },
      { localDateTime: '2099-01-01T00:00', timeZone: 'UTC' },
    ])
      await expectProblem(await schedule(releaseId, wrong), 400, 'validation_failed');
    const localDateTime = inADay();
    const answer = await read<{ publishAt: string }>(
      await schedule(releaseId, { localDateTime, timeZone: 'Asia/Tokyo' }).then((first) => {
        expect(first.status).toBe(200);
        return schedule(releaseId, { localDateTime, timeZone: 'Europe/Riga' });
      }),
    );
    expect(await studio.edit(releaseId)).toMatchObject({
      state: 'scheduled',
      localDateTime,
      timeZone: 'Europe/Riga',
      publishAt: answer.publishAt,
    });
    expect((await act(releaseId, 'unschedule')).status).toBe(200);
    await expectProblem(await act(releaseId, 'unschedule'), 409, 'release_state');
    await studio.sweepAfter(3 * 24 * 60);
    expect((await studio.edit(releaseId)).state).toBe('draft');
  });

  it('comes out when its time has come, not before, and once, however many sweeps run', async () => {
    const genre = unlikeGenre();
    const { releaseId } = await studio.complete();
    await patch(releaseId, { genres: [genre] });
    expect((await schedule(releaseId, { localDateTime: inADay(), timeZone: 'UTC' })).status).toBe(200);
    await studio.sweepAfter(23 * 60);
    expect((await studio.edit(releaseId)).state).toBe('scheduled');
    await Promise.all(Array.from({ length: 8 }, (_, i) => studio.sweepAfter(25 * 60 + i)));
    expect((await studio.edit(releaseId)).state).toBe('published');
    expect(await countOf(genre)).toBe(1);
    // A clock that was ahead goes back: nothing comes out again, nothing is taken back.
    await studio.sweepAfter(0);
    await studio.sweepAfter(26 * 60);
    expect([(await studio.edit(releaseId)).state, await countOf(genre)]).toEqual(['published', 1]);
  });

  it('comes out exactly once also where a sweep is killed at any write', async () => {
    // What earlier tests left is done, so that only this one is due.
    await studio.sweepAfter(60 * 24 * 60);
    for (const kind of ['dies before', 'dies after', 'loses answer'] as const) {
      for (let at = 1; at < 8; at++) {
        const genre = unlikeGenre();
        const { releaseId } = await studio.complete(['Only']);
        await patch(releaseId, { genres: [genre] });
        await schedule(releaseId, { localDateTime: inADay(), timeZone: 'UTC' });
        const world = new FaultyWorld({ at, kind });
        await sweepIn(world.around({ ...studio.bindings }), 25 * 60).catch(() => undefined);
        const listed = await listedOf(releaseId);
        expect(new Set(listed).size, 'all of it is public or nothing').toBe(1);
        await studio.sweepAfter(25 * 60);
        expect([(await studio.edit(releaseId)).state, await countOf(genre)]).toEqual(['published', 1]);
        if (world.broken === null) break;
      }
    }
  });

  it('that lacks something when its time comes waits until it does not', async () => {
    const { releaseId } = await studio.complete();
    await schedule(releaseId, { localDateTime: inADay(), timeZone: 'UTC' });
    await studio.drop({}, { releaseId });
    await studio.sweepAfter(25 * 60);
    expect((await studio.edit(releaseId)).state).toBe('scheduled');
    await studio.drain();
    await studio.sweepAfter(25 * 60);
    expect((await studio.edit(releaseId)).state).toBe('published');
  });
});
