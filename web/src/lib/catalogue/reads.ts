import { apiClient, jsonOf } from '$lib/api/client.ts';
import type { CountedLabel, ReleaseCard } from './cards.ts';
import type { PageOf } from './load-catalogue.ts';

type Fetch = typeof fetch;
/** A parameter of the page's address stays one part of the API's. */
const part = encodeURIComponent;
const PAGE_SIZE = '30';
const MOST = '60';

function pageQuery(cursor: string | null, limit = PAGE_SIZE) {
  return cursor === null ? { limit } : { limit, cursor };
}

/** Returns the shelves of the first page. Throws ApiError, as all of these. */
export function loadHome(fetchFn?: Fetch) {
  return jsonOf(apiClient(fetchFn).api.v1.home.$get());
}

/** Returns an artist with their most played tracks, their newest releases and where else they are heard. */
export async function loadArtist(fetchFn: Fetch, slug: string) {
  const routes = apiClient(fetchFn).api.v1.artists[':artistId'];
  const param = { artistId: part(slug) };
  const [artist, popular, releases, appearances] = await Promise.all([
    jsonOf(routes.$get({ param })),
    jsonOf(routes.tracks.$get({ param, query: { limit: '10' } })),
    jsonOf(routes.releases.$get({ param, query: { limit: MOST } })),
    jsonOf(routes.appearances.$get({ param, query: {} })),
  ]);
  return { artist, popular: popular.items, releases, appearances: appearances.items };
}

/** Returns the page of an artist's releases that follows a cursor. */
export function loadDiscography(artistId: string, cursor: string): Promise<PageOf<ReleaseCard>> {
  const routes = apiClient().api.v1.artists[':artistId'];
  return jsonOf(routes.releases.$get({ param: { artistId }, query: pageQuery(cursor, MOST) }));
}

/** Returns a release by its address. */
export function loadRelease(fetchFn: Fetch, slug: string, releaseSlug: string) {
  const route = apiClient(fetchFn).api.v1.artists[':artistId'].releases[':releaseSlug'];
  return jsonOf(route.$get({ param: { artistId: part(slug), releaseSlug: part(releaseSlug) } }));
}

/** Returns a release by its id. */
export function loadReleaseById(fetchFn: Fetch, releaseId: string) {
  return jsonOf(
    apiClient(fetchFn).api.v1.releases[':releaseId'].$get({ param: { releaseId: part(releaseId) } }),
  );
}

/** Returns a track, and its words where it has some. */
export async function loadTrack(fetchFn: Fetch, trackId: string) {
  const routes = apiClient(fetchFn).api.v1.tracks[':trackId'];
  const param = { trackId: part(trackId) };
  const track = await jsonOf(routes.$get({ param }));
  const lyrics = track.lyrics === 'none' ? null : await jsonOf(routes.lyrics.$get({ param }));
  return { track, lyrics };
}

/** Returns new releases, from a cursor on. */
export function loadNewReleases(cursor: string | null, fetchFn?: Fetch): Promise<PageOf<ReleaseCard>> {
  return jsonOf(apiClient(fetchFn).api.v1.releases.$get({ query: pageQuery(cursor) }));
}

/** Returns genres or tags in use, those of most releases first, from a cursor on. */
export function loadLabels(
  kind: 'genres' | 'tags',
  cursor: string | null,
  fetchFn?: Fetch,
): Promise<PageOf<CountedLabel>> {
  const { v1 } = apiClient(fetchFn).api;
  const query = pageQuery(cursor, MOST);
  return kind === 'genres' ? jsonOf(v1.genres.$get({ query })) : jsonOf(v1.tags.$get({ query }));
}

/** Returns releases of a genre or tag, from a cursor on. */
export function loadLabelReleases(
  kind: 'genres' | 'tags',
  slug: string,
  cursor: string | null,
  fetchFn?: Fetch,
): Promise<PageOf<ReleaseCard>> {
  const { v1 } = apiClient(fetchFn).api;
  const what = { param: { slug: part(slug) }, query: pageQuery(cursor) };
  return kind === 'genres'
    ? jsonOf(v1.genres[':slug'].releases.$get(what))
    : jsonOf(v1.tags[':slug'].releases.$get(what));
}

/** Returns a genre or tag with its newest releases. */
export async function loadLabel(fetchFn: Fetch, kind: 'genres' | 'tags', slug: string) {
  const { v1 } = apiClient(fetchFn).api;
  const param = { slug: part(slug) };
  const [label, releases] = await Promise.all([
    kind === 'genres' ? jsonOf(v1.genres[':slug'].$get({ param })) : jsonOf(v1.tags[':slug'].$get({ param })),
    loadLabelReleases(kind, slug, null, fetchFn),
  ]);
  return { label, releases };
}
