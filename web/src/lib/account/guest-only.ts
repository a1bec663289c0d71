import { redirect } from '@sveltejs/kit';
import type { Me } from '$lib/api/client.ts';
import { authorizePath } from './authorize-path.ts';
import { nextPath, queryBackTo } from './next-path.ts';

interface Loading {
  url: URL;
  parent(): Promise<{ me: Me | null }>;
}

/** For pages to sign in with: leads those who are signed in on to where they wanted to go. Returns where that is. */
export async function guestOnly({ url, parent }: Loading): Promise<string> {
  const next = authorizePath(url.searchParams) ?? nextPath(url.searchParams.get('next'));
  if ((await parent()).me !== null) redirect(303, next);
  return next;
}

/** For pages of one's own: returns who is signed in, and sends strangers to sign in and back. */
export async function memberOnly({ url, parent }: Loading): Promise<Me> {
  const { me } = await parent();
  if (me === null) redirect(303, `/sign-in${queryBackTo(url.pathname + url.search)}`);
  return me;
}
