import { z } from '@hono/zod-openapi';
import { artistIdSchema, coverSchema, personCardSchema } from '../../../platform/cards.ts';
import { bannerSchema } from '../../../platform/images.ts';
import { pageQuerySchema } from '../../../platform/route.ts';
import { slugProblem } from '../slugs.ts';

const MEMBER_ROLES = ['owner', 'editor'] as const;

/** A line of text: trimmed, without control characters. */
export function lineSchema(longest: number) {
  return z
    .string()
    .trim()
    .max(longest)
    .refine((text) => !/\p{Cc}/u.test(text), 'must be one line');
}

const nameSchema = lineSchema(100).min(1);

const slugSchema = z
  .string()
  .normalize('NFC')
  .superRefine((slug, context) => {
    const message = slugProblem(slug);
    if (message !== null) context.addIssue({ code: 'custom', message });
  })
  .openapi({ example: 'the-blackbirds' });

export const artistParamsSchema = z.object({ artistId: artistIdSchema });

export const createArtistSchema = z
  .object({ name: nameSchema, slug: slugSchema.optional() })
  .openapi('CreateArtist');

const linkSchema = z
  .object({
    label: lineSchema(50).min(1),
    url: z
      .url({ protocol: /^https$/ })
      .max(300)
      .refine((url) => !/^https:\/\/[^/?#]*@/i.test(url), 'must not hold a name or a password'),
  })
  .openapi('ProfileLink');

export const patchArtistSchema = z
  .object({
    name: nameSchema.optional(),
    slug: slugSchema.optional(),
    bio: z.string().trim().max(5000).optional(),
    location: lineSchema(100).optional(),
    links: z.array(linkSchema).max(10).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'at least one field must be given')
  .openapi('PatchArtist');

export const ownArtistSchema = z
  .object({
    artistId: artistIdSchema,
    slug: z.string(),
    name: z.string(),
    bio: z.string(),
    location: z.string(),
    links: z.array(linkSchema),
    avatar: coverSchema.nullable(),
    banner: bannerSchema.nullable(),
    verified: z.boolean(),
    /** Whether everybody sees the page: from the first published release on. */
    isPublic: z.boolean(),
    /** What I am here. */
    role: z.enum(MEMBER_ROLES),
    createdAt: z.iso.datetime(),
  })
  .openapi('OwnArtist');

export const myArtistsQuerySchema = pageQuerySchema.extend({ cursor: artistIdSchema.optional() });

const userIdSchema = z.string().regex(/^[\w-]{1,64}$/, 'is not somebody’s id');

export const memberParamsSchema = artistParamsSchema.extend({ userId: userIdSchema });

export const memberSchema = z
  .object({
    userId: userIdSchema,
    /** Null for who has no account here, such as an access token of the installation. */
    person: personCardSchema.nullable(),
    role: z.enum(MEMBER_ROLES),
    since: z.iso.datetime(),
  })
  .openapi('ArtistMember');

export const membersSchema = z.object({ items: z.array(memberSchema) }).openapi('ArtistMembers');

export const addMemberSchema = z
  .object({ handle: lineSchema(100).min(1), role: z.enum(MEMBER_ROLES) })
  .openapi('AddArtistMember');

export const changeMemberSchema = z.object({ role: z.enum(MEMBER_ROLES) }).openapi('ChangeArtistMember');
