/** Roles that people have, from the fewest rights to the most. */
export const ROLES = ['listener', 'artist', 'moderator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The closed list of what can be permitted; a route asks for one of them, a token or key may be given some of them. */
export const PERMISSIONS = {
  'account:read': 'See who you are: name, handle, email address',
  'account:write': 'Change your name, handle and language',
  'library:read':
    'See what you like, follow and rated, your playlists, your uploads and what you have not published',
  'library:write': 'Like, follow and rate for you',
  'history:read': 'See what you have listened to and where you left off',
  'plays:write': 'Record what you listen to, and take it out of your history',
  'playlists:write': 'Make and change your playlists, and those that others invited you to',
  'tracks:upload': 'Upload recordings, look after one’s own artists and releases',
  'content:moderate': 'Hide what others have published',
  'accounts:manage': 'See accounts, change roles',
  'audit:read': 'Read the security events of everyone',
  'jobs:manage': 'Look at dead letters, retry them, run the sweep',
} as const;
export type Permission = keyof typeof PERMISSIONS;
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as [Permission, ...Permission[]];

const OWN = [
  ...(['account:read', 'account:write'] as const),
  ...(['library:read', 'library:write', 'playlists:write', 'history:read', 'plays:write'] as const),
] as const;

const BY_ROLE: Record<Role, readonly Permission[]> = {
  listener: OWN,
  artist: [...OWN, 'tracks:upload'],
  moderator: [...OWN, 'tracks:upload', 'content:moderate'],
  admin: PERMISSION_NAMES,
};

/** Permissions that make things public: in production they also need an email address that was verified. */
export const NEEDS_VERIFIED_EMAIL: ReadonlySet<Permission> = new Set(['tracks:upload', 'content:moderate']);

/** Returns what a role permits. */
export function permissionsOf(role: Role): readonly Permission[] {
  return BY_ROLE[role];
}

/** Returns what a token or key with these scopes may do for somebody of this role: never more than they may themselves. */
export function permissionsWithin(role: Role, scopes: readonly string[]): readonly Permission[] {
  return BY_ROLE[role].filter((permission) => scopes.includes(permission));
}
