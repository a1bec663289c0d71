import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadTrack } from '$lib/catalogue/reads.ts';
import type { PageLoad } from './$types';

/** Albums were addressed by one of their tracks before there were releases; such links go on working. */
export const load: PageLoad = async ({ fetch, params }) => {
  const found = await attempt(loadTrack(fetch, params.trackId));
  const { artist, release } = found.ok ? found.value.track.card : { artist: null, release: null };
  if (artist === null || release === null) redirect(307, resolve('/track/[trackId]', params));
  redirect(308, resolve('/artist/[slug]/[releaseSlug]', { slug: artist.slug, releaseSlug: release.slug }));
};
