import { guestOnly } from '$lib/account/guest-only.ts';
import { loadSignInOptions } from '$lib/account/sign-in-options.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
  const [next, options] = await Promise.all([guestOnly(event), loadSignInOptions(event.fetch)]);
  const { me } = await event.parent();
  return { next, options, error: event.url.searchParams.get('error'), isAgain: me !== null };
};
