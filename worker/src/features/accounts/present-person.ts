import { type Permission, permissionsOf } from '../../platform/auth/permissions.ts';
import type { PersonCard } from '../../platform/cards.ts';
import { presentImage } from '../../platform/images.ts';
import { localeOf } from './people.ts';
import type { UserRow } from './store.ts';

/** Returns somebody as everyone may see them. */
export function presentProfile(row: UserRow) {
  return {
    id: row.id,
    handle: row.handle,
    name: row.name,
    bio: row.bio,
    avatar: row.avatar && presentImage(row.avatar),
    isArtist: row.role !== 'listener',
    joinedAt: row.createdAt.toISOString(),
  };
}

/** Returns somebody as lists show them. */
export function presentPersonCard({ handle, name, avatar }: UserRow): PersonCard {
  return { handle, name, avatar: avatar && presentImage(avatar) };
}

/** Returns somebody as they see themselves; what a token may do is less than what its owner may. */
export function presentMe(row: UserRow, permissions: readonly Permission[] = permissionsOf(row.role)) {
  return {
    id: row.id,
    handle: row.handle,
    name: row.name,
    email: row.email,
    emailVerified: row.emailVerified,
    role: row.role,
    permissions: [...permissions],
    locale: localeOf(row),
    bio: row.bio,
    avatar: row.avatar && presentImage(row.avatar),
    profileVisibility: row.profileVisibility,
    createdAt: row.createdAt.toISOString(),
    deletesAt: row.deletesAt?.toISOString() ?? null,
  };
}
