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
  return `/api/auth/oauth2/authorize?${asked}`;
}
