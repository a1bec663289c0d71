import type { Me } from '$lib/api/client.ts';

/** What a permission lets an app or a key do, in words for its owner. */
export const SCOPE_WORDS: Record<Me['permissions'][number], string> = {
  'account:read': 'See your name, handle and email address',
  'account:write': 'Change your name, handle and language',
  'library:read': 'See your uploads and what you have not published',
  'tracks:upload': 'Upload music in your name and look after it',
  'content:moderate': 'Hide what others have published',
  'accounts:manage': 'See accounts and change roles',
  'audit:read': 'Read the security events of everyone',
  'jobs:manage': 'Look at failed jobs and run them again',
};
