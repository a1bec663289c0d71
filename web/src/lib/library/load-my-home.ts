import { apiClient, jsonOf } from '$lib/api/client.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadFollowedArtists, loadRecent } from './library-api.ts';

const SHELF = 18;

/**
 * Returns the shelves of the first page that are one's own: where one left off, what was played last, whom one
 * follows. What cannot be read is left out: the page is more than these.
 */
export async function loadMyHome(fetchFn: typeof fetch) {
  const [recent, followed, resume] = await Promise.all([
    attempt(loadRecent(fetchFn)),
    attempt(loadFollowedArtists(null, fetchFn)),
    attempt(jsonOf(apiClient(fetchFn).api.v1.me.resume.$get())),
  ]);
  const point = resume.ok ? resume.value.point : null;
  return {
    recent: recent.ok ? recent.value.items : [],
    followed: followed.ok
      ? followed.value.items.flatMap(({ card }) => (card === null ? [] : [card])).slice(0, SHELF)
      : [],
    // What ended, or cannot be seen any more, is nothing to go on with.
    resume: point?.track ? { ...point, track: point.track } : null,
  };
}

export type MyHome = Awaited<ReturnType<typeof loadMyHome>>;
