import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { readSmartFields } from '$lib/playlists/smart-api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, depends }) => {
  depends('app:smart-fields');
  const { me } = await parent();
  return { fields: me ? await attempt(readSmartFields(fetch)) : null };
};
