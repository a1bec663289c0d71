import { error } from '@sveltejs/kit';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { readPlaylist } from '$lib/playlists/playlists-api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('app:playlist');
  const playlist = await attempt(readPlaylist(params.playlistId, fetch));
  if (!playlist.ok && (playlist.error.status === 404 || playlist.error.status === 400))
    error(404, 'There is nothing here');
  return { playlist };
};
