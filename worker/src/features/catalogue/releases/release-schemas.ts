import { z } from '@hono/zod-openapi';
import {
  artistIdSchema,
  coverSchema,
  LICENCES,
  RELEASE_KINDS,
  releaseIdSchema,
} from '../../../platform/cards.ts';
import { pageQuerySchema } from '../../../platform/route.ts';
import { lineSchema } from '../artists/artist-schemas.ts';
import { creditSchema, studioTrackSchema } from '../tracks/studio-schemas.ts';
import { isDay, isUpc } from './release-rules.ts';

const STATES = ['draft', 'scheduled', 'published', 'withdrawn'] as const;
/** As many as fit on a page about one release. */
const MOST_GENRES = 5;
const MOST_TAGS = 20;

const kindSchema = z.enum(RELEASE_KINDS);
const licenceSchema = z.enum(LICENCES);
const labelNameSchema = lineSchema(50).regex(/[\p{L}\p{N}]/u, 'needs a letter or a digit');

export const releaseParamsSchema = z.object({ releaseId: releaseIdSchema });

export const createReleaseSchema = z
  .object({
    artistId: artistIdSchema,
    title: lineSchema(200).optional(),
    kind: kindSchema.optional(),
  })
  .openapi('CreateRelease');

/** Null empties a field; what is not named stays. Whatever is named counts as typed: no file's tags change it again. */
export const patchReleaseSchema = z
  .object({
    title: lineSchema(200).optional(),
    kind: kindSchema.optional(),
    releaseDate: z.string().refine(isDay, 'is no date: YYYY-MM-DD, YYYY-MM or YYYY').nullable().optional(),
    label: lineSchema(100).nullable().optional(),
    upc: z.string().refine(isUpc, 'is no UPC or EAN: the last digit does not fit').nullable().optional(),
    licence: licenceSchema.optional(),
    description: z.string().trim().max(5000).optional(),
    genres: z.array(labelNameSchema).max(MOST_GENRES).optional(),
    tags: z.array(labelNameSchema).max(MOST_TAGS).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'at least one field must be given')
  .openapi('PatchRelease');
export type PatchRelease = z.infer<typeof patchReleaseSchema>;

const checklistSchema = z.array(
  z.object({
    code: z.enum(['title', 'artwork', 'tracks', 'track_pending', 'track_failed']),
    trackId: z.string().nullable(),
  }),
);

const summaryShape = {
  releaseId: releaseIdSchema,
  artist: z.object({ artistId: artistIdSchema, slug: z.string(), name: z.string() }),
  role: z.enum(['owner', 'editor']),
  slug: z.string(),
  /** Empty while nobody and no file has named it. */
  title: z.string(),
  kind: kindSchema,
  state: z.enum(STATES),
  artwork: coverSchema.nullable(),
  releaseDate: z.string().nullable(),
  /** While scheduled: the moment it comes out, and that moment on the clocks of the zone it was chosen in. */
  publishAt: z.iso.datetime().nullable(),
  localDateTime: z.string().nullable(),
  timeZone: z.string().nullable(),
  /** Tracks that can be played, and how long they are. */
  trackCount: z.int(),
  durationSeconds: z.number(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  publishedAt: z.iso.datetime().nullable(),
};

export const studioReleaseSchema = z.object(summaryShape).openapi('StudioRelease');

export const editReleaseSchema = z
  .object({
    ...summaryShape,
    /** Whether it was decided that it has no cover. */
    hasNoArtwork: z.boolean(),
    label: z.string().nullable(),
    upc: z.string().nullable(),
    licence: licenceSchema,
    description: z.string(),
    genres: z.array(z.string()),
    tags: z.array(z.string()),
    credits: z.array(creditSchema),
    /** Fields that a person filled in or emptied. */
    typedFields: z.array(z.string()),
    tracks: z.array(studioTrackSchema),
    /** What is missing before it can be published; empty where nothing is. */
    checklist: checklistSchema,
  })
  .openapi('EditRelease');

export const myReleasesQuerySchema = pageQuerySchema.extend({
  cursor: releaseIdSchema.optional(),
  state: z.enum(STATES).optional(),
});

export const scheduleSchema = z
  .object({
    localDateTime: z
      .string()
      .regex(/^20\d\d-\d\d-\d\dT\d\d:\d\d$/, 'is not of the form YYYY-MM-DDTHH:mm')
      .refine((text) => {
        const ms = Date.parse(`${text}Z`);
        return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
      }, 'is no day and time'),
    timeZone: z.string().min(1).max(60),
  })
  .openapi('ScheduleRelease');

export const scheduledSchema = z
  .object({
    publishAt: z.iso.datetime(),
    /** `skipped`: clocks jump over that time, it comes out as much later. `repeated`: they show it twice, the first counts. */
    clock: z.enum(['plain', 'skipped', 'repeated']),
  })
  .openapi('ScheduledRelease');

export const orderSchema = z
  .object({
    tracks: z
      .array(z.object({ trackId: z.string().max(40), discNumber: z.int().min(1).max(99).default(1) }))
      .min(1)
      .max(200)
      .refine(
        (list) => new Set(list.map(({ trackId }) => trackId)).size === list.length,
        'names a track twice',
      ),
  })
  .openapi('TrackOrder');
