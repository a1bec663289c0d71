import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadMyReleases, type ReleaseState } from '$lib/studio/studio-api.ts';
import { STATE_WORDS } from '$lib/studio/words.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, parent, depends }) => {
  depends('melro:studio');
  const asked = url.searchParams.get('state') ?? '';
  const state = asked in STATE_WORDS ? (asked as ReleaseState) : null;
  const { artists } = await parent();
  if (!artists?.ok) return { state, releases: null };
  return { state, releases: await attempt(loadMyReleases({ state, cursor: null }, fetch)) };
};
