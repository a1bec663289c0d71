import { error } from '@sveltejs/kit';
import { attempt, isMissing } from '$lib/catalogue/load-catalogue.ts';
import { readPlaylist } from '$lib/playlists/playlists-api.ts';
import { readSmartFields } from '$lib/playlists/smart-api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('app:playlist');
  const [playlist, fields] = await Promise.all([
    attempt(readPlaylist(params.playlistId, fetch)),
    attempt(readSmartFields(fetch)),
  ]);
  if (isMissing(playlist)) error(404, 'There is nothing here');
  // Only its owner is told the rules.
  if (playlist.ok && (playlist.value.rules === null || playlist.value.role !== 'owner')) {
    error(404, 'There are no rules here');
  }
  return { playlist, fields };
};
