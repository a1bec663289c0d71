import { z } from '@hono/zod-openapi';
import { artistIdSchema, coverSchema, LICENCES, releaseIdSchema } from '../../../platform/cards.ts';
import { idPattern } from '../../../platform/ids.ts';
import { lineSchema } from '../artists/artist-schemas.ts';
import { isrcFrom } from '../releases/release-rules.ts';
import { trackIdSchema, trackParamsSchema } from './schemas.ts';

export const creditSchema = z
  .object({
    name: lineSchema(200).min(1),
    /** `featured` is shown beside the artist; the others in the credits, as they were typed. */
    role: lineSchema(60).min(1),
    /** The artist's page here; only of who has something public, or of one's own artists. */
    artistId: artistIdSchema.nullable(),
  })
  .openapi('Credit');

export const creditsBodySchema = z.object({ credits: z.array(creditSchema).max(200) }).openapi('Credits');

const failureSchema = z.object({ code: z.string(), detail: z.string() });

export const studioTrackSchema = z
  .object({
    trackId: trackIdSchema,
    releaseId: releaseIdSchema.nullable(),
    title: z.string(),
    versionTitle: z.string().nullable(),
    /** Everyone who is named beside the title; null where that is the artist alone. */
    artistName: z.string().nullable(),
    isrc: z.string().nullable(),
    explicit: z.boolean(),
    /** Null where it is the release's. */
    licence: z.enum(LICENCES).nullable(),
    downloadable: z.boolean(),
    discNumber: z.int().nullable(),
    trackNumber: z.int().nullable(),
    fileName: z.string(),
    state: z.enum(['uploading', 'queued', 'transcoding', 'ready', 'failed']),
    progress: z.number().nullable(),
    failure: failureSchema.nullable(),
    playable: z.boolean(),
    durationSeconds: z.number().nullable(),
    artwork: coverSchema.nullable(),
    hasLyrics: z.boolean(),
    credits: z.array(creditSchema),
    typedFields: z.array(z.string()),
    /** The version that is being made of another file while the old one plays on. */
    replacement: z
      .object({
        state: z.enum(['uploading', 'queued', 'transcoding', 'failed']),
        fileName: z.string().nullable(),
        progress: z.number().nullable(),
        failure: failureSchema.nullable(),
      })
      .nullable(),
  })
  .openapi('StudioTrack');

const changeShape = {
  title: lineSchema(500).min(1).optional(),
  versionTitle: lineSchema(200).nullable().optional(),
  artistName: lineSchema(500).nullable().optional(),
  explicit: z.boolean().optional(),
  licence: z.enum(LICENCES).nullable().optional(),
  downloadable: z.boolean().optional(),
  discNumber: z.int().min(1).max(99).optional(),
};

export const patchTrackSchema = z
  .object({
    ...changeShape,
    isrc: z
      .string()
      .max(30)
      .refine((text) => isrcFrom(text) !== null, 'is no ISRC, such as USS1Z9900001')
      .nullable()
      .optional(),
    trackNumber: z.int().min(1).max(999).optional(),
    /** Puts a recording that stands alone on a release of mine. */
    releaseId: releaseIdSchema.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'at least one field must be given')
  .openapi('PatchTrack');
export type PatchTrack = z.infer<typeof patchTrackSchema>;

const trackIdsSchema = z
  .array(trackIdSchema)
  .min(1)
  .max(200)
  .refine((ids) => new Set(ids).size === ids.length, 'names a track twice');

export const patchTracksSchema = z
  .object({
    trackIds: trackIdsSchema,
    change: z
      .object(changeShape)
      .refine((change) => Object.keys(change).length > 0, 'at least one field must be given'),
  })
  .openapi('PatchTracks');

export const lyricsSchema = z
  .object({
    plain: z.string().max(20_000).nullable(),
    /** Lines such as `[01:23.45] words`. */
    lrc: z.string().max(40_000).nullable(),
  })
  .openapi('Lyrics');

export const versionSchema = z
  .object({
    version: z.string(),
    fileName: z.string(),
    durationSeconds: z.number().nullable(),
    madeAt: z.iso.datetime(),
    isShown: z.boolean(),
  })
  .openapi('TrackVersion');

export const versionsSchema = z.object({ items: z.array(versionSchema) }).openapi('TrackVersions');

export const versionParamsSchema = trackParamsSchema.extend({
  version: z.string().regex(idPattern('ver'), 'is not a version'),
});
