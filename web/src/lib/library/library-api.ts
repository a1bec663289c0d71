import { apiClient, jsonOf, succeed } from '$lib/api/client.ts';
import type { ArtistCard, ReleaseCard, TrackCard } from '$lib/catalogue/cards.ts';
import type { PageOf } from '$lib/catalogue/load-catalogue.ts';

type Fetch = typeof fetch;

/** Something that is kept; `card` is null where it cannot be seen any more. */
export interface Kept<Card> {
  id: string;
  card: Card | null;
}

const PAGE_SIZE = '50';

function pageQuery(cursor: string | null) {
  return cursor === null ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, cursor };
}

function myLikes<Kind extends 'track' | 'release'>(kind: Kind, cursor: string | null, fetchFn?: Fetch) {
  const route = apiClient(fetchFn).api.v1.me.likes[':kind'];
  return jsonOf(route.$get({ param: { kind }, query: pageQuery(cursor) }));
}

/** Returns the tracks that the person likes, newest like first, from a cursor on. Throws ApiError, as all of these. */
export async function loadLikedTracks(
  cursor: string | null,
  fetchFn?: Fetch,
): Promise<PageOf<Kept<TrackCard>>> {
  const { items, nextCursor } = await myLikes('track', cursor, fetchFn);
  return { items: items.filter((like) => like.kind === 'track'), nextCursor };
}

/** Returns the releases that the person likes, newest like first, from a cursor on. */
export async function loadLikedReleases(
  cursor: string | null,
  fetchFn?: Fetch,
): Promise<PageOf<Kept<ReleaseCard>>> {
  const { items, nextCursor } = await myLikes('release', cursor, fetchFn);
  return { items: items.filter((like) => like.kind === 'release'), nextCursor };
}

/** Returns the artists that the person follows, the latest first, from a cursor on. */
export async function loadFollowedArtists(
  cursor: string | null,
  fetchFn?: Fetch,
): Promise<PageOf<Kept<ArtistCard>>> {
  const route = apiClient(fetchFn).api.v1.me.follows[':kind'];
  const { items, nextCursor } = await jsonOf(
    route.$get({ param: { kind: 'artist' }, query: pageQuery(cursor) }),
  );
  return { items: items.filter((follow) => follow.kind === 'artist'), nextCursor };
}

/** Returns what the person has listened to, the latest first, with all words of `words` in it. */
export function loadHistory(words: string, cursor: string | null, fetchFn?: Fetch) {
  const query = { ...pageQuery(cursor), ...(words === '' ? {} : { q: words }) };
  return jsonOf(apiClient(fetchFn).api.v1.me.history.$get({ query }));
}

export type HeardTrack = Awaited<ReturnType<typeof loadHistory>>['items'][number];

/** Tells whether what is played leaves nothing in the history. */
export function loadHistorySettings(fetchFn?: Fetch) {
  return jsonOf(apiClient(fetchFn).api.v1.me.history.settings.$get());
}

/** Lets the history rest, or go on. */
export function pauseHistory(paused: boolean) {
  return succeed(apiClient().api.v1.me.history.settings.$put({ json: { paused } }));
}

/** Takes one thing out of the history; `isLeaving` while the page goes away. */
export function forgetPlay(playId: string, isLeaving = false) {
  const route = apiClient().api.v1.me.history[':playId'];
  return succeed(route.$delete({ param: { playId } }, { init: { keepalive: isLeaving } }));
}

/** Takes what began since a moment out of the history; everything where there is none. */
export function clearHistory(after: Date | null) {
  return succeed(
    apiClient().api.v1.me.history.$delete({ query: after === null ? {} : { after: after.toISOString() } }),
  );
}

/** Returns what the person played last, each thing once. */
export function loadRecent(fetchFn?: Fetch) {
  return jsonOf(apiClient(fetchFn).api.v1.me.recent.$get({ query: { limit: '18' } }));
}
