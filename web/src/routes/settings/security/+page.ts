import { memberOnly } from '$lib/account/guest-only.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadOwnEvents } from '$lib/security/load-events.ts';
import { loadWaysIn } from '$lib/settings/ways-in.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
  const me = await memberOnly(event);
  event.depends('melro:ways-in');
  const [ways, events] = await Promise.all([
    attempt(loadWaysIn(event.fetch)),
    attempt(loadOwnEvents(event.fetch, null)),
  ]);
  return { me, ways, events };
};
