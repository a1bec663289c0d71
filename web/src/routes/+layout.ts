import { browser } from '$app/environment';
import { accountClient, type Me } from '$lib/api/client.ts';
import type { LayoutLoad } from './$types';

/** Who was there last, in this browser: a lost connection signs nobody out. */
let known: Me | null = null;

export const load: LayoutLoad = async ({ fetch, depends }): Promise<{ me: Me | null }> => {
  depends('melro:account');
  let me = browser ? known : null;
  try {
    const answer = await accountClient(fetch).api.v1.me.$get();
    // Only what was read travels with the page; without it the browser would ask once more.
    const body = await answer.text();
    if (answer.ok) me = JSON.parse(body) as Me;
    else if (answer.status < 500 && (answer.status as number) !== 429) me = null;
  } catch {
    // The page itself says that the API is away.
  }
  if (browser) known = me;
  return { me };
};
