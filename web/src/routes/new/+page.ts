import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadNewReleases } from '$lib/catalogue/reads.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('melro:catalogue');
  return { releases: await attempt(loadNewReleases(null, fetch)) };
};
