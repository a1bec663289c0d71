import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import type { LayoutLoad } from './$types';

/** What is kept is somebody's: strangers sign in first and come back. */
export const load: LayoutLoad = async ({ parent, url }) => {
  const { me } = await parent();
  if (me === null) redirect(307, `${resolve('/sign-in')}?next=${encodeURIComponent(url.pathname)}`);
};
