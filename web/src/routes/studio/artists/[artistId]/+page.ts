import { error } from '@sveltejs/kit';
import { apiClient, jsonOf } from '$lib/api/client.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, parent, depends }) => {
  depends('melro:studio');
  const { artists } = await parent();
  if (!artists?.ok) return { artist: null };
  const own = artists.value.find(({ artistId }) => artistId === params.artistId);
  if (own === undefined) error(404, 'There is nothing here');
  const { artistId } = own;
  const members = attempt(
    jsonOf(apiClient(fetch).api.v1.artists[':artistId'].members.$get({ param: { artistId } })),
  );
  return { artist: own, members: await members };
};
