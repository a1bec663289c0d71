import { memberOnly } from '$lib/account/guest-only.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadWaysIn } from '$lib/settings/ways-in.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
  const me = await memberOnly(event);
  event.depends('melro:ways-in');
  return { me, ways: await attempt(loadWaysIn(event.fetch)) };
};
