/** What the authorization endpoint adds to an app's question before it leads to the sign-in page. */
const ADDED = /^(?:sig|exp|ba_.*)$/;

/**
 * Returns where an app's question is asked again once somebody has signed in, or null where no app has asked.
 * The endpoint looks at every part of it anew, so nothing here has to be trusted.
 */
export function authorizePath(query: URLSearchParams): string | null {
  if (!query.has('client_id') || !query.has('sig')) return null;
  const asked = new URLSearchParams([...query].filter(([name]) => !ADDED.test(name)));
  // They have just signed in; asked again, they would be led in a circle.
  const prompts = (asked.get('prompt') ?? '').split(' ').filter((word) => word !== 'login' && word !== '');
  if (prompts.length > 0) asked.set('prompt', prompts.join(' '));
  else asked.delete('prompt');
  // A sign-in that may be of no age is never young enough: the one just now is what was asked for.
  asked.delete('max_age');
  return `/api/auth/oauth2/authorize?${asked}`;
}

/**
 * Returns when an app asked for a sign-in of its own (OpenID Connect Core, 3.1.2.1: `prompt=login`, `max_age`), in
 * milliseconds since 1970, or null where whoever is signed in already will do. Who goes around it gains nothing: the
 * app reads in its ID token when the sign-in was.
 */
export function signInAskedAtMs(query: URLSearchParams): number | null {
  const isAsked = (query.get('prompt') ?? '').split(' ').includes('login') || query.has('max_age');
  const askedAtMs = Number(query.get('ba_iat'));
  return isAsked && query.has('sig') && askedAtMs > 0 ? askedAtMs : null;
}
