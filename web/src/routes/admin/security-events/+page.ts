import { error } from '@sveltejs/kit';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadAllEvents } from '$lib/security/load-events.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url, depends }) => {
  depends('melro:security-events');
  const { me } = await parent();
  // Whoever may not see it is not told that it is there.
  if (!me?.permissions.includes('audit:read')) error(404, 'There is nothing here');
  const typed = url.searchParams.get('handle')?.trim().replace(/^@/, '') ?? '';
  const handle = typed === '' ? null : typed;
  return { handle, events: await attempt(loadAllEvents(fetch, handle, null)) };
};
