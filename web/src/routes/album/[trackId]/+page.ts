import { error } from '@sveltejs/kit';
import { loadAlbum } from '$lib/catalogue/load-album.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => {
  const album = await attempt(loadAlbum(fetch, params.trackId));
  const isMissing = album.ok ? album.value === null : [400, 404].includes(album.error.status);
  if (isMissing) error(404, 'There is nothing here');
  return { album };
};
