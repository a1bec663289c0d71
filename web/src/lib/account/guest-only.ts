import { redirect } from '@sveltejs/kit';
import type { Me } from '$lib/api/client.ts';
import { getAuth } from './auth-api.ts';
import { authorizePath, signInAskedAtMs } from './authorize-path.ts';
import { nextPath, queryBackTo } from './next-path.ts';

interface Loading {
  url: URL;
  fetch: typeof fetch;
  parent(): Promise<{ me: Me | null }>;
}

/** Returns whether an app asked for a sign-in that whoever is signed in has not made since. */
async function isToSignInAgain({ url, fetch }: Loading): Promise<boolean> {
  const askedAtMs = signInAskedAtMs(url.searchParams);
  if (askedAtMs === null) return false;
  const signedIn = await getAuth<{ session: { createdAt: string } } | null>('get-session', {}, fetch);
  return signedIn !== null && Date.parse(signedIn.session.createdAt) < askedAtMs;
}

/**
 * For pages to sign in with: leads those who are signed in on to where they wanted to go, unless an app wants them to
 * sign in once more. Returns where that is.
 */
export async function guestOnly(event: Loading): Promise<string> {
  const { searchParams } = event.url;
  const next = authorizePath(searchParams) ?? nextPath(searchParams.get('next'));
  if ((await event.parent()).me !== null && !(await isToSignInAgain(event))) redirect(303, next);
  return next;
}

/** For pages of one's own: returns who is signed in, and sends strangers to sign in and back. */
export async function memberOnly({ url, parent }: Pick<Loading, 'url' | 'parent'>): Promise<Me> {
  const { me } = await parent();
  if (me === null) redirect(303, `/sign-in${queryBackTo(url.pathname + url.search)}`);
  return me;
}
