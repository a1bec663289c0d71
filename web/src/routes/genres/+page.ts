import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadLabels } from '$lib/catalogue/reads.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('melro:catalogue');
  const [genres, tags] = await Promise.all([
    attempt(loadLabels('genres', null, fetch)),
    attempt(loadLabels('tags', null, fetch)),
  ]);
  return { genres, tags };
};
