import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { api, read } from '../support/api.ts';
import { givenRelease } from '../support/given-release.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
interface Card {
  releaseId: string;
  trackId: string;
  artistId: string;
  slug: string;
  title: string;
}

/** Follows cursors to the end and returns every item. */
async function all<Item>(path: string, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = `limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const answer = await api(`${path}${path.includes('?') ? '&' : '?'}${query}`);
    expect(answer.status).toBe(200);
    const page: Page<Item> = await read<Page<Item>>(answer);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

describe('an artist', () => {
  it('is found by id and by slug, and nothing tells who the members are', async () => {
    const { artist } = await givenRelease({
      artist: { bio: 'Sings', links: [{ label: 'Home', url: 'https://a.example' }], verifiedAtMs: 1 },
      members: ['bob'],
    });
    const byId = await (await api(`/api/v1/artists/${artist.id}`)).text();
    expect(await (await api(`/api/v1/artists/${artist.slug}`)).text()).toBe(byId);
    expect(JSON.parse(byId)).toEqual({
      artistId: artist.id,
      slug: artist.slug,
      name: artist.name,
      avatar: null,
      banner: null,
      verified: true,
      bio: 'Sings',
      location: '',
      links: [{ label: 'Home', url: 'https://a.example' }],
    });
    expect(byId).not.toContain('bob');
  });

  it('shows releases newest first, all of them or of one kind, in pages that neither repeat nor miss one', async () => {
    const { artist, release } = await givenRelease();
    const made = [release];
    // Two come out in the same millisecond.
    const listedAtMs = Date.now() + 10_000;
    for (const kind of ['single', 'album', 'ep', 'single', 'album'] as const) {
      made.push((await givenRelease({ artist, release: { kind, listedAtMs } })).release);
    }
    await givenRelease({ artist, isListed: false });
    const newest = made.toSorted(
      (a, b) => (b.listedAtMs ?? 0) - (a.listedAtMs ?? 0) || (a.id < b.id ? 1 : -1),
    );
    const path = `/api/v1/artists/${artist.slug}/releases`;
    const seen = await all<Card>(path, 2);
    expect(seen.map(({ releaseId }) => releaseId)).toEqual(newest.map(({ id }) => id));
    const singles = await all<Card>(`${path}?kind=single`, 1);
    expect(singles.map(({ releaseId }) => releaseId)).toEqual(
      newest.filter(({ kind }) => (kind as string) === 'single').map(({ id }) => id),
    );
  });

  it('shows the tracks that are played most first', async () => {
    const counts = [3, 9, 0, 9, 4];
    const { artist, tracks } = await givenRelease({ tracks: counts.map((playCount) => ({ playCount })) });
    await givenRelease({ artist, isListed: false, tracks: [{ playCount: 99 }] });
    const seen = await all<Card>(`/api/v1/artists/${artist.id}/tracks?sort=popular`, 2);
    const byId = new Map(tracks.map(({ id }, i) => [id, counts[i]]));
    expect(seen.map(({ trackId }) => byId.get(trackId))).toEqual([9, 9, 4, 3, 0]);
  });

  it('shows the releases of others that credit them, and none of their own or of nobody’s yet', async () => {
    const { artist } = await givenRelease();
    const credits = [
      { name: 'Somebody', role: 'drums', artistId: artist.id },
      { name: 'Somebody', role: 'mix', artistId: artist.id, ofTrack: 0 },
    ];
    const { release } = await givenRelease({ credits });
    await givenRelease({ credits, isListed: false });
    await givenRelease({ artist, credits });
    const { items } = await read<Page<Card>>(await api(`/api/v1/artists/${artist.slug}/appearances`));
    expect(items.map(({ releaseId }) => releaseId)).toEqual([release.id]);
  });
});

describe('a release', () => {
  it('shows its tracks in order, credits, genres, tags and licence, by id and by slugs', async () => {
    const { artist: guest } = await givenRelease();
    const { artist: hidden } = await givenRelease({ isListed: false });
    const { artist, release, tracks } = await givenRelease({
      release: { licence: 'cc-by-4.0', description: 'Recorded at night', upc: '036000291452' },
      tracks: [
        { discNumber: 2, trackNumber: 1, title: 'Last' },
        { discNumber: 1, trackNumber: 2, title: 'Second', downloadable: true },
        { discNumber: 1, trackNumber: 1, title: 'First' },
        { discNumber: 1, trackNumber: 3, title: 'Not public', listedAtMs: null },
      ],
      genres: ['trip-hop', 'dub'],
      tags: ['night'],
      credits: [
        { name: 'Guest', role: 'strings', artistId: guest.id },
        { name: 'Hidden', role: 'featured', artistId: hidden.id, ofTrack: 2 },
      ],
    });
    const byId = await (await api(`/api/v1/releases/${release.id}`)).text();
    const paths = [artist.slug, artist.id].map((ref) => `/api/v1/artists/${ref}/releases/${release.slug}`);
    for (const path of paths) expect(await (await api(path)).text()).toBe(byId);
    const page = JSON.parse(byId);
    expect(page).toMatchObject({
      releaseId: release.id,
      title: release.title,
      licence: 'cc-by-4.0',
      description: 'Recorded at night',
      upc: '036000291452',
      artist: { artistId: artist.id, slug: artist.slug, name: artist.name },
      genres: [{ slug: 'trip-hop' }, { slug: 'dub' }],
      tags: [{ slug: 'night', name: 'NIGHT' }],
      credits: [{ name: 'Guest', role: 'strings', artist: { artistId: guest.id } }],
    });
    expect(page.tracks.map(({ title }: Card) => title)).toEqual(['First', 'Second', 'Last']);
    expect(page.tracks[0]).toMatchObject({
      trackId: tracks[2]?.id,
      credits: [{ name: 'Hidden', role: 'featured', artist: null }],
      release: { releaseId: release.id },
    });
    expect(page.tracks.map(({ downloadable }: { downloadable: boolean }) => downloadable)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('is listed among the new ones, newest first', async () => {
    const releaseIds: string[] = [];
    for (let i = 0; i < 3; i++) {
      const listedAtMs = Date.now() + 1e9 + i;
      releaseIds.unshift((await givenRelease({ release: { listedAtMs } })).release.id);
    }
    const page = await read<Page<Card>>(await api('/api/v1/releases?sort=new&limit=3', { as: 'alice' }));
    expect(page.items.map(({ releaseId }) => releaseId)).toEqual(releaseIds);
    const next = await api(`/api/v1/releases?limit=3&cursor=${page.nextCursor}`, { as: 'alice' });
    const { items } = await read<Page<Card>>(next);
    for (const { releaseId } of items) expect(releaseIds).not.toContain(releaseId);
  });
});

describe('a track', () => {
  it('shows its card, its credits, the licence of its release where it has none, and that there are words', async () => {
    const { artist, release, tracks } = await givenRelease({
      release: { licence: 'cc0-1.0' },
      tracks: [{ versionTitle: 'Live', explicit: true, isrc: 'QZABC2400001' }, { licence: 'cc-by-nd-4.0' }],
      genres: ['dub'],
      credits: [{ name: 'Ann', role: 'lyrics', ofTrack: 0 }],
      lyrics: { plain: 'la', lrc: '[00:01.00] la' },
    });
    expect(await read(await api(`/api/v1/tracks/${tracks[0]?.id}`))).toMatchObject({
      trackId: tracks[0]?.id,
      playable: true,
      card: {
        versionTitle: 'Live',
        explicit: true,
        artist: { slug: artist.slug },
        release: { releaseId: release.id },
      },
      isrc: 'QZABC2400001',
      licence: 'cc0-1.0',
      credits: [{ name: 'Ann', role: 'lyrics', artist: null }],
      genres: [{ slug: 'dub' }],
      lyrics: 'synced',
    });
    expect(await read(await api(`/api/v1/tracks/${tracks[1]?.id}`))).toMatchObject({
      licence: 'cc-by-nd-4.0',
      lyrics: 'none',
      credits: [],
    });
    expect(await read(await api(`/api/v1/tracks/${tracks[0]?.id}/lyrics`))).toEqual({
      plain: 'la',
      lrc: '[00:01.00] la',
    });
    await expectProblem(await api(`/api/v1/tracks/${tracks[1]?.id}/lyrics`), 404, 'not_found');
  });
});

describe('genres and tags', () => {
  it.each([
    ['genre', 'genres'],
    ['tag', 'tags'],
  ] as const)('a %s has a page with its public releases, newest first', async (kind, path) => {
    const slug = `${kind}-${newId('req').slice(4, 20)}`;
    const labelled = { [path]: [slug] };
    const first = await givenRelease(labelled);
    const second = await givenRelease(labelled);
    await givenRelease({ ...labelled, isListed: false });
    expect(await read(await api(`/api/v1/${path}/${slug}`))).toMatchObject({
      slug,
      name: slug.toUpperCase(),
    });
    const seen = await all<Card>(`/api/v1/${path}/${slug}/releases`, 1);
    expect(seen.map(({ releaseId }) => releaseId)).toEqual([second.release.id, first.release.id]);
    const listed = await all<Card>(`/api/v1/${path}`, 60);
    expect(listed.map((label) => label.slug)).toContain(slug);
  });

  it('a genre that no public release carries is nowhere', async () => {
    const slug = `none-${newId('req').slice(4, 20)}`;
    await givenRelease({ genres: [slug], isListed: false });
    for (const path of [
      `/api/v1/genres/${slug}`,
      `/api/v1/genres/${slug}/releases`,
      `/api/v1/tags/${slug}`,
    ]) {
      await expectProblem(await api(path), 404, 'not_found');
    }
    const listed = await all<Card>('/api/v1/genres', 60);
    expect(listed.map((label) => label.slug)).not.toContain(slug);
  });
});

describe('home', () => {
  it('shows new releases, what is played most, genres and new artists', async () => {
    const listedAtMs = Date.now() + 2e9;
    const { artist, release, tracks } = await givenRelease({
      artist: { listedAtMs },
      release: { listedAtMs },
      tracks: [{ playCount: 1e9 }],
      genres: ['home-genre'],
    });
    await rowsOf(`UPDATE labels SET release_count = 1000 WHERE slug = 'home-genre' RETURNING slug`);
    const home = await read<Record<string, Card[]>>(await api('/api/v1/home', { as: 'alice' }));
    expect(home.newReleases?.[0]?.releaseId).toBe(release.id);
    expect(home.popularTracks?.[0]?.trackId).toBe(tracks[0]?.id);
    expect(home.genres?.[0]?.slug).toBe('home-genre');
    expect(home.newArtists?.[0]?.artistId).toBe(artist.id);
  });
});

describe('what is not public', () => {
  it('is there for the members of its artist alone, and kept by no cache', async () => {
    const { artist, release, tracks } = await givenRelease({
      isListed: false,
      members: ['bob'],
      lyrics: { plain: 'la' },
      tracks: [{ ownerId: 'somebody-else' }],
    });
    for (const path of [
      `/api/v1/artists/${artist.id}`,
      `/api/v1/artists/${artist.slug}`,
      `/api/v1/artists/${artist.slug}/releases`,
      `/api/v1/artists/${artist.slug}/tracks`,
      `/api/v1/artists/${artist.slug}/appearances`,
      `/api/v1/releases/${release.id}`,
      `/api/v1/artists/${artist.slug}/releases/${release.slug}`,
      `/api/v1/tracks/${tracks[0]?.id}`,
      `/api/v1/tracks/${tracks[0]?.id}/lyrics`,
    ]) {
      const own = await api(path, { as: 'bob' });
      expect([own.status, own.headers.get('cache-control')], path).toEqual([200, 'private, no-store']);
      await expectProblem(await api(path), 404, 'not_found');
      await expectProblem(await api(path, { as: 'lena' }), 404, 'not_found');
      await expectProblem(await api(path, { as: 'alice' }), 404, 'not_found');
    }
  });
});
