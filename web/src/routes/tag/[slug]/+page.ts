import { error } from '@sveltejs/kit';
import { attempt, isMissing } from '$lib/catalogue/load-catalogue.ts';
import { loadLabel } from '$lib/catalogue/reads.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('melro:catalogue');
  const found = await attempt(loadLabel(fetch, 'tags', params.slug));
  if (isMissing(found)) error(404, 'There is nothing here');
  return { found };
};
