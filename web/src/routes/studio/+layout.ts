import { browser } from '$app/environment';
import { accessKey } from '$lib/api/access-key.svelte.ts';
import { attempt, type Loaded } from '$lib/catalogue/load-catalogue.ts';
import { loadMyArtists, type OwnArtist } from '$lib/studio/studio-api.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({
  fetch,
  parent,
  depends,
}): Promise<{ artists: Loaded<OwnArtist[]> | null }> => {
  depends('melro:studio');
  const { me } = await parent();
  const hasKey = browser && accessKey.value !== null;
  // Null for whoever may not upload: the layout says how they can.
  if (!hasKey && !me?.permissions.includes('tracks:upload')) return { artists: null };
  return { artists: await attempt(loadMyArtists(fetch)) };
};
