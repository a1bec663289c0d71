import { describe, expect, it } from 'vitest';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { type api, bindingsWith, read } from '../support/api.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('production', bindingsWith({}), { RATE_LIMIT_FACTOR: '1000' });

interface Artist {
  artistId: string;
  slug: string;
  name: string;
  links: { label: string; url: string }[];
  verified: boolean;
  isPublic: boolean;
  role: string;
}

let serial = 0;
const unlike = () => `Nightjar ${Date.now().toString(36)}${serial++}`;

const someArtist = async (browser: { call: typeof api }, name = unlike()) =>
  read<Artist>(await browser.call('/api/v1/artists', { json: { name } }));

describe('an artist', () => {
  it('belongs to who made them, has an address of their name, and nobody else knows of them', async () => {
    const ann = await signedUp(accounts, 'artist');
    const bea = await signedUp(accounts, 'artist');
    const name = `Ночные ${unlike()}`;
    const answer = await ann.browser.call('/api/v1/artists', { json: { name } });
    expect(answer.status).toBe(201);
    const artist = await read<Artist>(answer);
    expect(artist).toMatchObject({ name, role: 'owner', isPublic: false, verified: false, links: [] });
    expect(artist.slug).toBe(name.toLowerCase().replaceAll(' ', '-'));
    const path = `/api/v1/artists/${artist.artistId}`;
    await expectProblem(await bea.browser.call(`${path}/edit`), 404, 'not_found');
    await expectProblem(
      await bea.browser.call(path, { method: 'PATCH', json: { name: 'Mine' } }),
      404,
      'not_found',
    );
    const mine = await read<{ items: Artist[] }>(await ann.browser.call('/api/v1/me/artists'));
    expect(mine.items.map(({ artistId }) => artistId)).toEqual([artist.artistId]);
    expect(await read(await bea.browser.call('/api/v1/me/artists'))).toEqual({ items: [], nextCursor: null });
  });

  it('of the same name gets another address; one that was typed is refused where it is taken', async () => {
    const { browser } = await signedUp(accounts, 'artist');
    const name = unlike();
    const first = await someArtist(browser, name);
    const second = await someArtist(browser, name);
    expect(second.slug).toBe(`${first.slug}-2`);
    const slug = { slug: first.slug };
    await expectProblem(
      await browser.call('/api/v1/artists', { json: { name, ...slug } }),
      409,
      'slug_taken',
    );
    const patch = (json: unknown) =>
      browser.call(`/api/v1/artists/${second.artistId}`, { method: 'PATCH', json });
    await expectProblem(await patch(slug), 409, 'slug_taken');
    for (const reserved of ['admin', 'Not A Slug', 'a--b', ''])
      await expectProblem(await patch({ slug: reserved }), 400, 'validation_failed');
    expect((await patch({ slug: second.slug })).status, 'one’s own is not taken').toBe(200);
  });

  it('of the same name made many times at once has as many addresses', async () => {
    const { browser } = await signedUp(accounts, 'artist');
    const name = unlike();
    const made = await Promise.all(Array.from({ length: 8 }, () => someArtist(browser, name)));
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(8);
  });

  it('says of itself what was written, and links to https only', async () => {
    const { browser } = await signedUp(accounts, 'artist');
    const { artistId } = await someArtist(browser);
    const patch = (json: unknown) => browser.call(`/api/v1/artists/${artistId}`, { method: 'PATCH', json });
    const said = {
      bio: 'One bird,\nmany songs.',
      location: 'Riga',
      links: [{ label: 'Site', url: 'https://birds.example/' }],
    };
    expect(await read(await patch(said))).toMatchObject(said);
    expect(await read(await patch({ location: '' }))).toMatchObject({ ...said, location: '' });
    for (const url of ['http://birds.example/', 'javascript:alert(1)', 'https://a:b@birds.example/', 'birds'])
      await expectProblem(await patch({ links: [{ label: 'x', url }] }), 400, 'validation_failed');
    const many = Array.from({ length: 11 }, () => said.links[0]);
    await expectProblem(await patch({ links: many }), 400, 'validation_failed');
  });

  it('is marked as verified by moderators only', async () => {
    const ann = await signedUp(accounts, 'artist');
    const moderator = await signedUp(accounts, 'moderator');
    const { artistId } = await someArtist(ann.browser);
    const path = `/api/v1/artists/${artistId}/verification`;
    await expectProblem(await ann.browser.call(path, { method: 'PUT' }), 403, 'forbidden');
    for (const [method, verified] of [
      ['PUT', true],
      ['PUT', true],
      ['DELETE', false],
    ] as const) {
      expect((await moderator.browser.call(path, { method })).status).toBe(204);
      expect(await read(await ann.browser.call(`/api/v1/artists/${artistId}/edit`))).toMatchObject({
        verified,
      });
    }
  });
});

describe('members', () => {
  async function band() {
    const [ann, bea] = [await signedUp(accounts, 'artist'), await signedUp(accounts, 'artist')];
    const { artistId } = await someArtist(ann.browser);
    const path = `/api/v1/artists/${artistId}`;
    const add = (who: typeof ann, handle: string, role: string) =>
      who.browser.call(`${path}/members`, { json: { handle, role } });
    const change = (who: typeof ann, of: typeof ann, role: string) =>
      who.browser.call(`${path}/members/${of.id}`, { method: 'PATCH', json: { role } });
    const remove = (who: typeof ann, of: typeof ann) =>
      who.browser.call(`${path}/members/${of.id}`, { method: 'DELETE' });
    return { ann, bea, path, artistId, add, change, remove };
  }

  it('are added by their handle; editors change the artist but not the members', async () => {
    const { ann, bea, path, add, change, remove } = await band();
    await expectProblem(await add(ann, 'nobody_at_all', 'editor'), 404, 'not_found');
    const added = await add(ann, `@${bea.handle.toUpperCase()}`, 'editor');
    expect(added.status).toBe(201);
    expect(await read(added)).toMatchObject({
      userId: bea.id,
      role: 'editor',
      person: { handle: bea.handle },
    });
    await expectProblem(await add(ann, bea.handle, 'owner'), 409, 'member_conflict');
    expect((await bea.browser.call(path, { method: 'PATCH', json: { bio: 'Ours' } })).status).toBe(200);
    await expectProblem(await add(bea, ann.handle, 'editor'), 403, 'forbidden');
    await expectProblem(await change(bea, bea, 'owner'), 403, 'forbidden');
    await expectProblem(await remove(bea, ann), 403, 'forbidden');
    const { items } = await read<{ items: { userId: string; role: string }[] }>(
      await bea.browser.call(`${path}/members`),
    );
    expect(items.map(({ userId, role }) => [userId, role])).toEqual([
      [ann.id, 'owner'],
      [bea.id, 'editor'],
    ]);
    expect((await remove(bea, bea)).status, 'everybody may leave').toBe(204);
    await expectProblem(await bea.browser.call(`${path}/members`), 404, 'not_found');
  });

  it('always keep an owner, also where the last two step back at the same moment', async () => {
    const { ann, bea, artistId, add, change, remove } = await band();
    await expectProblem(await remove(ann, ann), 409, 'last_owner');
    await expectProblem(await change(ann, ann, 'editor'), 409, 'last_owner');
    const owners = () =>
      rowsOf("SELECT user_id FROM artist_members WHERE artist_id = ? AND role = 'owner'", artistId);
    await add(ann, bea.handle, 'owner');
    const steps = await Promise.all([change(ann, ann, 'editor'), change(bea, bea, 'editor')]);
    expect(steps.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect(await owners()).toHaveLength(1);
    await rowsOf("UPDATE artist_members SET role = 'owner' WHERE artist_id = ? RETURNING user_id", artistId);
    const goings = await Promise.all([remove(ann, ann), remove(bea, bea)]);
    expect(goings.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect(await owners()).toHaveLength(1);
  });
});
