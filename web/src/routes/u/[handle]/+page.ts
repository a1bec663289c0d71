import { error } from '@sveltejs/kit';
import { accountClient, jsonOf } from '$lib/api/client.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, parent, depends }) => {
  depends('melro:account');
  const [{ me }, profile] = await Promise.all([
    parent(),
    attempt(jsonOf(accountClient(fetch).api.v1.people[':handle'].$get({ param: { handle: params.handle } }))),
  ]);
  if (!profile.ok && [400, 404].includes(profile.error.status)) error(404, 'There is nobody here');
  return { me, profile };
};
