import { error } from '@sveltejs/kit';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadRelease } from '$lib/studio/studio-api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, parent, depends }) => {
  depends('melro:release');
  const { artists } = await parent();
  if (!artists?.ok) return { release: null };
  const release = await attempt(loadRelease(params.releaseId, fetch));
  if (!release.ok && (release.error.status === 404 || release.error.status === 400))
    error(404, 'There is nothing here');
  return { release };
};
