import { z } from '@hono/zod-openapi';
import { PERMISSION_NAMES, ROLES } from '../../platform/auth/permissions.ts';
import { LOCALES } from './ports.ts';

/** A name as people write theirs: 1 to 80 characters, none of them invisible. */
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u, 'must not hold control characters');

export const meSchema = z
  .object({
    id: z.string(),
    handle: z.string(),
    name: z.string(),
    email: z.email(),
    emailVerified: z.boolean(),
    role: z.enum(ROLES),
    permissions: z.array(z.enum(PERMISSION_NAMES)),
    locale: z.enum(LOCALES),
    avatarUrl: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Me');

export const changeMeSchema = z
  .object({
    name: nameSchema.optional(),
    handle: z.string().max(100).optional(),
    locale: z.enum(LOCALES).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'name, handle or locale: one of them must be given');

export const sessionSchema = z
  .object({
    sessionId: z.string(),
    isCurrent: z.boolean(),
    /** The browser's own words for itself. */
    userAgent: z.string().nullable(),
    city: z.string().nullable(),
    country: z.string().nullable(),
    /** The network, not the address. */
    network: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .openapi('Session');

export const changeRoleSchema = z.object({ role: z.enum(ROLES) });

export const profileSchema = z
  .object({
    id: z.string(),
    handle: z.string(),
    name: z.string(),
    avatarUrl: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Profile');
