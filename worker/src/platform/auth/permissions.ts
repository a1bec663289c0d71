/** Roles that people have, from the fewest rights to the most. */
export const ROLES = ['listener', 'artist', 'moderator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The closed list of what can be permitted; a route asks for one of them. */
export const PERMISSIONS = {
  'tracks:upload': 'Upload recordings and look after one’s own',
  'content:moderate': 'Hide what others have published',
  'accounts:manage': 'See accounts, change roles',
  'audit:read': 'Read the security events of everyone',
  'jobs:manage': 'Look at dead letters, retry them, run the sweep',
} as const;
export type Permission = keyof typeof PERMISSIONS;

const BY_ROLE: Record<Role, readonly Permission[]> = {
  listener: [],
  artist: ['tracks:upload'],
  moderator: ['tracks:upload', 'content:moderate'],
  admin: Object.keys(PERMISSIONS) as Permission[],
};

/** Permissions that make things public: in production they also need an email address that was verified. */
export const NEEDS_VERIFIED_EMAIL: ReadonlySet<Permission> = new Set(['tracks:upload', 'content:moderate']);

/** Returns what a role permits. */
export function permissionsOf(role: Role): readonly Permission[] {
  return BY_ROLE[role];
}
