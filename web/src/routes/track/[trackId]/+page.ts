import { error } from '@sveltejs/kit';
import { apiClient, jsonOf } from '$lib/api/client.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => {
  const { trackId } = params;
  const track = await attempt(
    jsonOf(apiClient(fetch).api.v1.tracks[':trackId'].$get({ param: { trackId } })),
  );
  if (!track.ok && (track.error.status === 404 || track.error.status === 400))
    error(404, 'There is nothing here');
  return { track };
};
