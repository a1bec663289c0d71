import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { readMine } from '$lib/playlists/playlists-api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, depends }) => {
  depends('app:my-playlists');
  const { me } = await parent();
  return { mine: me ? await attempt(readMine(fetch)) : null };
};
