import { error, redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { attempt, isMissing } from '$lib/catalogue/load-catalogue.ts';
import { loadReleaseById } from '$lib/catalogue/reads.ts';
import type { PageLoad } from './$types';

/** The address that never changes leads to the one that reads well, and may change with a title. */
export const load: PageLoad = async ({ fetch, params }) => {
  const found = await attempt(loadReleaseById(fetch, params.releaseId));
  if (isMissing(found)) error(404, 'There is nothing here');
  if (!found.ok) error(503, found.error.message);
  const { artist, slug } = found.value;
  redirect(307, resolve('/artist/[slug]/[releaseSlug]', { slug: artist.slug, releaseSlug: slug }));
};
