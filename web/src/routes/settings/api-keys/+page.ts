import { memberOnly } from '$lib/account/guest-only.ts';
import { accountClient, jsonOf } from '$lib/api/client.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
  const me = await memberOnly(event);
  event.depends('melro:api-keys');
  return { me, keys: await attempt(jsonOf(accountClient(event.fetch).api.v1.me['api-keys'].$get())) };
};
