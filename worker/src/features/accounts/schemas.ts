import { z } from '@hono/zod-openapi';
import { PERMISSION_NAMES, ROLES } from '../../platform/auth/permissions.ts';
import { coverSchema } from '../../platform/cards.ts';
import { LOCALES } from './ports.ts';

/** Joiners and presentation selectors: nothing to see by themselves, but emoji and several scripts need them. */
const JOINERS = /\u200c|\u200d|\ufe0e|\ufe0f/gu;

/**
 * A name as people write theirs: 1 to 80 characters, none of them invisible or turning the text around, for a name
 * of nothing, or two that look the same and are not, would deceive who reads them.
 */
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .refine(
    (name) => !/[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}\u2800]/u.test(name.replace(JOINERS, '')),
    'must not hold invisible characters',
  )
  .refine((name) => name.replace(JOINERS, '').trim() !== '', 'must hold something to see');

export const PROFILE_VISIBILITIES = ['public', 'hidden'] as const;

const BIO_LENGTH = 500;

/** What somebody says of themselves: plain text with line breaks, at most 500 characters. */
const bioSchema = z
  .string()
  .max(4 * BIO_LENGTH)
  .transform((bio) =>
    bio
      .replace(/\r\n?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  )
  .refine((bio) => [...bio].length <= BIO_LENGTH, `must have at most ${BIO_LENGTH} characters`)
  .refine(
    (bio) => !/[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}]/u.test(bio.replace(JOINERS, '').replaceAll('\n', '')),
    'must not hold invisible characters',
  );

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
    bio: z.string(),
    avatar: coverSchema.nullable(),
    /** Hidden ones are found by nobody else. */
    profileVisibility: z.enum(PROFILE_VISIBILITIES),
    createdAt: z.iso.datetime(),
    /** When the account goes, where its owner asked for that; until then they may keep it and nothing else. */
    deletesAt: z.iso.datetime().nullable(),
  })
  .openapi('Me');

export const changeMeSchema = z
  .object({
    name: nameSchema.optional(),
    handle: z.string().max(100).optional(),
    locale: z.enum(LOCALES).optional(),
    bio: bioSchema.optional(),
    profileVisibility: z.enum(PROFILE_VISIBILITIES).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'nothing is to be changed');

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
    bio: z.string(),
    avatar: coverSchema.nullable(),
    isArtist: z.boolean(),
    joinedAt: z.iso.datetime(),
  })
  .openapi('Profile');
