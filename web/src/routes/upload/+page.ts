import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import type { PageLoad } from './$types';

/** Uploading is a part of the studio; links to where it was still lead there. */
export const load: PageLoad = () => {
  redirect(308, resolve('/studio'));
};
