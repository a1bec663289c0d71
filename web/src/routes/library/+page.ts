import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';

/** The library opens where most people look first. */
export function load() {
  redirect(307, resolve('/library/likes'));
}
