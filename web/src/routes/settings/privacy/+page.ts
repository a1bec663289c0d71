import { memberOnly } from '$lib/account/guest-only.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadHistorySettings } from '$lib/library/library-api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
  const me = await memberOnly(event);
  const settings = await attempt(loadHistorySettings(event.fetch));
  return { me, isPaused: settings.ok ? settings.value.paused : null };
};
