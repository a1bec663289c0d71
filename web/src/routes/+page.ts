import { loadSignInOptions } from '$lib/account/sign-in-options.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadHome } from '$lib/catalogue/reads.ts';
import { loadMyHome } from '$lib/library/load-my-home.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends, parent }) => {
  depends('melro:catalogue');
  const mine = parent().then(({ me }) => (me === null ? null : loadMyHome(fetch)));
  const home = await attempt(loadHome(fetch));
  // Only an empty home invites people, and has to know whether somebody runs this place already.
  const isEmpty = home.ok && home.value.newReleases.length === 0 && home.value.popularTracks.length === 0;
  return { home, mine: await mine, isEmpty, isNew: isEmpty && (await loadSignInOptions(fetch)).isNew };
};
