import { error, redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { attempt, isMissing } from '$lib/catalogue/load-catalogue.ts';
import { loadArtist } from '$lib/catalogue/reads.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('melro:catalogue');
  const found = await attempt(loadArtist(fetch, params.slug));
  if (isMissing(found)) error(404, 'There is nothing here');
  // An artist can be named by id too; a page has one address.
  if (found.ok && found.value.artist.slug !== params.slug) {
    redirect(307, resolve('/artist/[slug]', found.value.artist));
  }
  return { found };
};
