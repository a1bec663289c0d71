import type { Me } from '$lib/api/client.ts';

/** What OpenID Connect's own scopes are about. */
const IDENTITY_WORDS: Record<string, string> = {
  openid: 'Know that it is you',
  profile: 'See your name and handle',
  email: 'See your email address',
  offline_access: 'Go on when you are not using it, until you take it back',
};

/** What a permission lets an app or a key do, in words for its owner. */
export const SCOPE_WORDS: Record<Me['permissions'][number], string> = {
  'account:read': 'See your name, handle and email address',
  'account:write': 'Change your name, handle and language',
  'library:read':
    'See what you like, follow and rated, your playlists, your uploads and what you have not published',
  'library:write': 'Like, follow and rate for you',
  'history:read': 'See what you have listened to and where you left off',
  'plays:write': 'Record what you listen to, and take it out of your history',
  'playlists:write': 'Make and change your playlists, and those that others invited you to',
  'tracks:upload': 'Upload music in your name and look after it',
  'content:moderate': 'Hide what others have published',
  'accounts:manage': 'See accounts and change roles',
  'audit:read': 'Read the security events of everyone',
  'jobs:manage': 'Look at failed jobs and run them again',
};

/** Returns what an app with these scopes could do, in words; what is unknown is shown as it is. */
export function scopeWords(scopes: readonly string[]): string[] {
  const known: Record<string, string> = { ...IDENTITY_WORDS, ...SCOPE_WORDS };
  return scopes.map((scope) => known[scope] ?? scope);
}

/** Returns for how long an app with these scopes has what it is given (docs/api-access.md). */
export function lastingOf(scopes: readonly string[]): string {
  return scopes.includes('offline_access')
    ? 'It stays let in until you remove it, until it has not asked for 30 days, or for a year at most.'
    : 'It has this for 15 minutes, and may ask again for the same without this question.';
}
