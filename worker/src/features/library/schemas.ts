import { z } from '@hono/zod-openapi';
import {
  artistCardSchema,
  personCardSchema,
  playlistCardSchema,
  releaseCardSchema,
  trackCardSchema,
} from '../../platform/cards.ts';
import { idPattern } from '../../platform/ids.ts';
import { FOLLOW_KINDS, LIKE_KINDS, type MARK_KINDS } from './kinds.ts';

const HANDLE = /^[a-z0-9][a-z0-9_]{1,28}[a-z0-9]$/;

/** How the things of a kind are named in addresses: by their id, people by their handle. */
const NAMES: Record<(typeof MARK_KINDS)[number], RegExp> = {
  track: idPattern('trk'),
  release: idPattern('rel'),
  artist: idPattern('art'),
  playlist: idPattern('pls'),
  person: HANDLE,
};

function markParams<const Kinds extends readonly (keyof typeof NAMES)[]>(kinds: Kinds) {
  return z.object({ kind: z.enum(kinds), id: z.string().max(64) }).superRefine(({ kind, id }, context) => {
    if (NAMES[kind as keyof typeof NAMES].test(id)) return;
    context.addIssue({ code: 'custom', path: ['id'], message: `does not name a thing of the kind ${kind}` });
  });
}

export const likeParamsSchema = markParams(LIKE_KINDS);
export const followParamsSchema = markParams(FOLLOW_KINDS);
export const likeKindSchema = z.object({ kind: z.enum(LIKE_KINDS) });
export const followKindSchema = z.object({ kind: z.enum(FOLLOW_KINDS) });

/** One thing that is kept; its card is null where it cannot be seen any more. */
function kept<const Kind extends string, Card extends z.ZodType>(kind: Kind, card: Card) {
  return { kind: z.literal(kind), id: z.string(), card: card.nullable() };
}

const likedAt = z.iso.datetime();
export const likeSchema = z
  .discriminatedUnion('kind', [
    z.object({ ...kept('track', trackCardSchema), likedAt }),
    z.object({ ...kept('release', releaseCardSchema), likedAt }),
    z.object({ ...kept('artist', artistCardSchema), likedAt }),
    z.object({ ...kept('playlist', playlistCardSchema), likedAt }),
  ])
  .openapi('Like');
export type Like = z.infer<typeof likeSchema>;

const followedAt = z.iso.datetime();
export const followSchema = z
  .discriminatedUnion('kind', [
    z.object({ ...kept('artist', artistCardSchema), followedAt }),
    // Whoever hides is left out, for a handle would still show who they are.
    z.object({ kind: z.literal('person'), id: z.string(), card: personCardSchema, followedAt }),
  ])
  .openapi('Follow');
export type Follow = z.infer<typeof followSchema>;

export const ratedTrackSchema = z.object({ id: z.string().regex(idPattern('trk'), 'is not a track id') });

export const starsSchema = z.object({ stars: z.int().min(1).max(5) });

export const ratingSchema = z
  .object({
    trackId: z.string(),
    stars: z.int(),
    ratedAt: z.iso.datetime(),
    track: trackCardSchema.nullable(),
  })
  .openapi('Rating');

const MOST_IDS = 100;

const thingSchema = z
  .string()
  .regex(/^(?:(?:trk|rel|art|pls)_[0-9a-hjkmnp-tv-z]{26}|@[a-z0-9_]{3,30})$/, 'is no id and no @handle');

/** `ids=trk_…,art_…,@somebody`, at most a hundred. */
export const idsQuerySchema = z.object({
  ids: z
    .string()
    .max(MOST_IDS * 40)
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(thingSchema).min(1).max(MOST_IDS))
    .openapi({
      type: 'string',
      description: 'Ids of tracks, releases, artists and playlists and `@handle`s, separated by commas',
      example: 'trk_01kaf3w5c8q2t9v7x1y4z6b0de,@blackbird',
    }),
});

export const relationsSchema = z.object({
  items: z.array(
    z
      .object({ id: z.string(), liked: z.boolean(), followed: z.boolean(), stars: z.int().nullable() })
      .openapi('Relation'),
  ),
});

export const countsSchema = z.object({
  items: z.array(z.object({ id: z.string(), likes: z.int(), followers: z.int() }).openapi('Counts')),
});
