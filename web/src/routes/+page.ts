import { loadSignInOptions } from '$lib/account/sign-in-options.ts';
import { attempt, loadCatalogue } from '$lib/catalogue/load-catalogue.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('melro:catalogue');
  const catalogue = await attempt(loadCatalogue(fetch, null));
  // Only an empty home invites people, and has to know whether somebody runs this place already.
  const isEmpty = catalogue.ok && catalogue.value.tracks.length === 0;
  return { catalogue, isNew: isEmpty && (await loadSignInOptions(fetch)).isNew };
};
