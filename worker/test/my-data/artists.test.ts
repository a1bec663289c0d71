import { beforeAll, describe, expect, it } from 'vitest';
import { servicesOf } from '../../src/services.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { anyRecording } from '../support/audio.ts';
import { transcodedBy, wellBehaved } from '../support/crafted-transcoder.ts';
import { givenRelease } from '../support/given-release.ts';
import { apiOf, DataMails, sweepAt, tracesOf } from '../support/my-data.ts';
import { deliver } from '../support/queue-model.ts';
import { keysUnder, rowsOf } from '../support/state.ts';
import { uploadWhole } from '../support/uploading.ts';

const accounts = accountsIn(
  'production',
  bindingsWith({
    TRANSCODES_QUEUE: { send: async () => undefined } as unknown as Queue<never>,
    EXPORTS_QUEUE: { send: async () => undefined } as unknown as Queue<never>,
    ...transcodedBy(await wellBehaved()),
  }),
  { RATE_LIMIT_FACTOR: '1000' },
);
new DataMails().into(accounts.bindings);

beforeAll(async () => {
  await signedUp(accounts, 'admin');
});

async function artistPerson() {
  const person = await signedUp(accounts, 'artist');
  const api = apiOf(person.browser);
  const upload = async (promise: object = {}) => {
    const done = await uploadWhole(api, 'alice', anyRecording(300), promise);
    await deliver(accounts.bindings, { transcodeId: done.transcodeId });
    return done;
  };
  return { ...person, api, upload };
}

/** Two owners and an editor of one artist with a release. */
async function band() {
  const [leaver, stayer, editor] = [await artistPerson(), await artistPerson(), await artistPerson()];
  const { artistId } = await read<{ artistId: string }>(
    await leaver.api('/api/v1/artists', { json: { name: `Band ${crypto.randomUUID()}` } }),
  );
  const add = (handle: string, role: string) =>
    leaver.api(`/api/v1/artists/${artistId}/members`, { json: { handle, role } });
  expect((await add(editor.handle, 'editor')).status).toBe(201);
  expect((await add(stayer.handle, 'owner')).status).toBe(201);
  const { releaseId } = await read<{ releaseId: string }>(
    await leaver.api('/api/v1/releases', { json: { artistId, title: 'Ours' } }),
  );
  return { leaver, stayer, editor, artistId, releaseId };
}

async function erase(userId: string) {
  await rowsOf('UPDATE users SET deletes_at_ms = 1 WHERE id = ? RETURNING id', userId);
  await sweepAt(accounts.bindings, Date.now());
  expect(await rowsOf('SELECT id FROM users WHERE id = ?', userId)).toEqual([]);
}

const ownersOf = (table: string, trackId: string) =>
  rowsOf<{ owner_id: string }>(
    `SELECT owner_id FROM ${table} WHERE ${table === 'tracks' ? 'id' : 'track_id'} = ?`,
    trackId,
  ).then((rows) => rows.map((row) => row.owner_id));

describe('when a member of an artist leaves Melro', () => {
  it('an artist with another owner stays whole, and what the leaver put there is that owner’s', async () => {
    const { leaver, stayer, editor, artistId, releaseId } = await band();
    const [theirs, others] = [await leaver.upload({ releaseId }), await stayer.upload({ releaseId })];
    const replacing = await leaver.upload({ replaces: others.trackId });
    const loose = await leaver.upload();
    const objects = async () =>
      (
        await Promise.all(
          [theirs, others].flatMap(({ trackId }) => [
            keysUnder(`hls/${trackId}/`),
            keysUnder(`originals/${trackId}/`),
          ]),
        )
      ).flat();
    const before = await objects();
    expect(before).toContain(`originals/${others.trackId}/${replacing.uploadId}`);

    await erase(leaver.id);

    expect(await tracesOf([leaver.id, leaver.handle, leaver.email, loose.trackId])).toEqual([]);
    expect(await objects()).toEqual(before);
    expect(await ownersOf('tracks', theirs.trackId)).toEqual([stayer.id]);
    expect(await ownersOf('uploads', theirs.trackId)).toEqual([stayer.id]);
    expect(await ownersOf('uploads', others.trackId)).toEqual([stayer.id, stayer.id]);
    const { items } = await read<{ items: { userId: string }[] }>(
      await stayer.api(`/api/v1/artists/${artistId}/members`),
    );
    expect(items.map(({ userId }) => userId)).toEqual([stayer.id, editor.id]);
    const edit = await read<{ tracks: { trackId: string }[] }>(
      await stayer.api(`/api/v1/releases/${releaseId}/edit`),
    );
    expect(edit.tracks.map(({ trackId }) => trackId)).toEqual([theirs.trackId, others.trackId]);
  });

  it('an editor’s tracks stay with the artist’s first owner, also where the editor is a member no more', async () => {
    const { leaver: owner, editor, artistId, releaseId } = await band();
    const { trackId } = await editor.upload({ releaseId });
    const left = await editor.api(`/api/v1/artists/${artistId}/members/${editor.id}`, { method: 'DELETE' });
    expect(left.status).toBe(204);
    await erase(editor.id);
    expect(await ownersOf('tracks', trackId)).toEqual([owner.id]);
    expect(await ownersOf('uploads', trackId)).toEqual([owner.id]);
    expect((await keysUnder(`originals/${trackId}/`)).length).toBe(1);
  });

  it('the last owner takes the artist along: releases, tracks of editors too, counters; others’ credits keep the name', async () => {
    const { leaver, stayer, editor, artistId, releaseId } = await band();
    await erase(stayer.id);
    const byEditor = await editor.upload({ releaseId });
    const tag = `tag-${crypto.randomUUID()}`;
    const published = await givenRelease({ artist: { id: artistId }, tags: [tag] });
    const elsewhere = await givenRelease({ credits: [{ name: 'The band', role: 'featured', artistId }] });
    const page = () => accounts.api(`/api/v1/releases/${published.release.id}`);
    expect((await page()).status).toBe(200);
    await erase(leaver.id);
    expect((await page()).status).toBe(404);
    expect(
      await tracesOf([
        leaver.id,
        artistId,
        releaseId,
        byEditor.trackId,
        published.release.id,
        published.tracks[0]?.id ?? '',
      ]),
    ).toEqual([]);
    expect(await rowsOf('SELECT release_count FROM labels WHERE slug = ?', tag)).toEqual([
      { release_count: 0 },
    ]);
    expect(
      await rowsOf('SELECT name, artist_id FROM credits WHERE release_id = ?', elsewhere.release.id),
    ).toEqual([{ name: 'The band', artist_id: null }]);
    expect((await editor.api('/api/v1/me')).status).toBe(200);
  });

  it('the copy of their data holds artists, releases with credits, and words', async () => {
    const { leaver, artistId, releaseId } = await band();
    const { trackId } = await leaver.upload({ releaseId });
    const loose = await leaver.upload();
    const credits = [{ name: 'Ann', role: 'producer', artistId: null }];
    for (const id of [trackId, loose.trackId]) {
      const put = (what: string, json: object) =>
        leaver.api(`/api/v1/tracks/${id}/${what}`, { method: 'PUT', json });
      expect((await put('credits', { credits })).status).toBe(200);
      expect((await put('lyrics', { plain: `Words of ${id}`, lrc: '' })).status).toBe(200);
    }
    const documents = new Map<string, unknown>();
    for await (const document of servicesOf(accounts.bindings).myData.sources.documents(leaver.id))
      if ('content' in document) documents.set(document.path, document.content);
    expect(documents.get('catalogue/artists.json')).toMatchObject([{ artistId, role: 'owner' }]);
    expect(documents.get(`catalogue/releases/${releaseId}.json`)).toMatchObject({
      title: 'Ours',
      tracks: [{ trackId, credits }],
    });
    expect(documents.get('catalogue/lyrics.json')).toEqual(
      expect.arrayContaining(
        [trackId, loose.trackId].map((id) => ({ trackId: id, plain: `Words of ${id}`, lrc: null })),
      ),
    );
    expect(documents.get('catalogue/credits.json')).toEqual(
      expect.arrayContaining([
        { trackId, credits },
        { trackId: loose.trackId, credits },
      ]),
    );
  });
});
