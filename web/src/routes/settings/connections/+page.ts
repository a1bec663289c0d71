import { memberOnly } from '$lib/account/guest-only.ts';
import { loadSignInOptions } from '$lib/account/sign-in-options.ts';
import { accountClient, jsonOf } from '$lib/api/client.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadWaysIn } from '$lib/settings/ways-in.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
  const me = await memberOnly(event);
  event.depends('melro:connections');
  const [options, ways, apps] = await Promise.all([
    loadSignInOptions(event.fetch),
    attempt(loadWaysIn(event.fetch)),
    attempt(jsonOf(accountClient(event.fetch).api.v1.me.apps.$get())),
  ]);
  return { me, options, ways, apps, error: event.url.searchParams.get('error') };
};
