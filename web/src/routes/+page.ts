import { attempt, loadCatalogue } from '$lib/catalogue/load-catalogue.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('melro:catalogue');
  return { catalogue: await attempt(loadCatalogue(fetch, null)) };
};
