import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadFollowedArtists } from '$lib/library/library-api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends, parent }) => {
  depends('melro:library');
  // Whoever is not signed in is sent away there, before anything is asked.
  await parent();
  return { kept: await attempt(loadFollowedArtists(null, fetch)) };
};
