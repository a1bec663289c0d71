const OWN = 'https://melro.invalid';

/** Addresses that nobody wants to come back to once signed in; of the API, only an app's question. */
const NOT_BACK_TO =
  /^\/(?:(?:api|media|rest)\/(?!auth\/oauth2\/authorize\?)|(?:sign-in|sign-up|two-factor|forgot-password|reset-password)(?:[/?#]|$))/;

/**
 * Returns where to go after signing in: `wish` if it is a path of our own pages, else home. Everything that a browser
 * could take for another site is refused, so that no link to us can send people elsewhere (CWE-601).
 */
export function nextPath(wish: string | null): string {
  // Browsers take backslashes for slashes and skip tabs and line breaks, so `/\evil` and `/\t/evil` leave.
  if (wish === null || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wish)) return '/';
  if (!URL.canParse(wish, OWN)) return '/';
  const { origin, pathname, search, hash } = new URL(wish, OWN);
  const path = `${pathname}${search}${hash}`;
  if (origin !== OWN || path.startsWith('//') || NOT_BACK_TO.test(path)) return '/';
  return path;
}

/** Returns the query that brings somebody back to `path` after signing in; none for home. */
export function queryBackTo(path: string): string {
  const next = nextPath(path);
  return next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
}
