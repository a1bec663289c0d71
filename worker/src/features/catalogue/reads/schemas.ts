import { z } from '@hono/zod-openapi';
import {
  artistCardSchema,
  artistLinkSchema,
  coverSchema,
  LICENCES,
  RELEASE_KINDS,
  releaseCardSchema,
  trackCardSchema,
} from '../../../platform/cards.ts';
import { positionCursorSchema } from '../../../platform/cursor.ts';
import { trackSchema } from '../tracks/schemas.ts';

const SLUG = /^[\p{L}\p{M}\p{N}-]{1,120}$/u;
const ID_OR_SLUG = /^(?:art_[0-9a-hjkmnp-tv-z]{26}|[\p{L}\p{M}\p{N}-]{1,120})$/u;

export const slugSchema = z
  .string()
  .regex(SLUG, 'is not a slug')
  // The document is made with the flags in the pattern, which no reader of it expects.
  .openapi({ example: 'night-ferry', pattern: SLUG.source });

/** An id or a slug: a slug has no `_`, so neither is ever taken for the other. */
export const artistRefSchema = z.string().regex(ID_OR_SLUG, 'is neither an artist id nor a slug').openapi({
  description: 'The id of an artist or their slug',
  example: 'the-tides',
  pattern: ID_OR_SLUG.source,
});

export const artistParamsSchema = z.object({ artistId: artistRefSchema });
export const labelParamsSchema = z.object({ slug: slugSchema });

/** Pages are short enough that one, with what its cards are made of, reads no more than 200 rows. */
export const listQuerySchema = z.object({
  cursor: positionCursorSchema,
  limit: z.coerce.number().int().min(1).max(60).default(30),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

export const discographyQuerySchema = listQuerySchema.extend({ kind: z.enum(RELEASE_KINDS).optional() });
export const popularQuerySchema = listQuerySchema.extend({ sort: z.enum(['popular']).default('popular') });
export const newestQuerySchema = listQuerySchema.extend({ sort: z.enum(['new']).default('new') });

export const labelSchema = z.object({ slug: z.string(), name: z.string() }).openapi('Label');
export const countedLabelSchema = labelSchema
  .extend({
    /** Public releases that carry it. */
    releaseCount: z.int(),
  })
  .openapi('CountedLabel');

export const creditSchema = z
  .object({
    name: z.string(),
    role: z.string(),
    /** Their page here, where there is a public one. */
    artist: artistLinkSchema.nullable(),
  })
  .openapi('Credit');

export const artistPageSchema = artistCardSchema
  .extend({
    bio: z.string(),
    location: z.string(),
    links: z.array(z.object({ label: z.string(), url: z.string() })),
    banner: coverSchema.nullable(),
  })
  .openapi('Artist');

export const releaseTrackSchema = trackCardSchema
  .extend({ credits: z.array(creditSchema), downloadable: z.boolean() })
  .openapi('ReleaseTrack');

export const releasePageSchema = releaseCardSchema
  .extend({
    description: z.string(),
    label: z.string().nullable(),
    upc: z.string().nullable(),
    licence: z.enum(LICENCES),
    genres: z.array(labelSchema),
    tags: z.array(labelSchema),
    /** Of the whole release; those of single tracks are with the tracks. */
    credits: z.array(creditSchema),
    tracks: z.array(releaseTrackSchema),
    /** When it came out here; null while only members see it. */
    listedAt: z.iso.datetime().nullable(),
  })
  .openapi('Release');

export const trackPageSchema = trackSchema
  .extend({
    card: trackCardSchema,
    isrc: z.string().nullable(),
    licence: z.enum(LICENCES),
    downloadable: z.boolean(),
    credits: z.array(creditSchema),
    genres: z.array(labelSchema),
    /** What `/lyrics` would answer: nothing, words, or words with times. */
    lyrics: z.enum(['none', 'plain', 'synced']),
    playCount: z.int(),
    /** When it became public; null while only those who made it see it. */
    listedAt: z.iso.datetime().nullable(),
  })
  .openapi('TrackPage');

export const lyricsSchema = z
  .object({
    plain: z.string().nullable(),
    /** LRC: lines with times, `[mm:ss.xx] words`. */
    lrc: z.string().nullable(),
  })
  .openapi('Lyrics');

export const homeSchema = z
  .object({
    newReleases: z.array(releaseCardSchema),
    popularTracks: z.array(trackCardSchema),
    genres: z.array(countedLabelSchema),
    newArtists: z.array(artistCardSchema),
  })
  .openapi('Home');
