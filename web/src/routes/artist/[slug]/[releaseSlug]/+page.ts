import { error, redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { attempt, isMissing } from '$lib/catalogue/load-catalogue.ts';
import { loadRelease } from '$lib/catalogue/reads.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('melro:catalogue');
  const release = await attempt(loadRelease(fetch, params.slug, params.releaseSlug));
  if (isMissing(release)) error(404, 'There is nothing here');
  // An artist can be named by id too; a page has one address.
  if (release.ok && release.value.artist.slug !== params.slug) {
    const { artist, slug } = release.value;
    redirect(307, resolve('/artist/[slug]/[releaseSlug]', { slug: artist.slug, releaseSlug: slug }));
  }
  return { release };
};
