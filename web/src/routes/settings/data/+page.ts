import { memberOnly } from '$lib/account/guest-only.ts';
import { accountClient, jsonOf } from '$lib/api/client.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
  const me = await memberOnly(event);
  event.depends('melro:data');
  const token = event.url.searchParams.get('token') ?? '';
  // Who is leaving may only stay; there is no copy to be had any more.
  if (me.deletesAt !== null) return { me, token, copy: null };
  return { me, token, copy: await attempt(jsonOf(accountClient(event.fetch).api.v1.me.export.$get())) };
};
