import { z } from '@hono/zod-openapi';
import { ARTWORK_SIZES_PX } from '@melro/transcoder/contract';
import { coverSchema } from '../../../platform/cards.ts';
import { idPattern } from '../../../platform/ids.ts';

export const trackIdSchema = z
  .string()
  .regex(idPattern('trk'), 'is not a track id')
  .openapi({ example: 'trk_01kaf3w5c8q2t9v7x1y4z6b0de' });

export const trackParamsSchema = z.object({ trackId: trackIdSchema });

export const artworkParamsSchema = z.object({
  trackId: trackIdSchema,
  sizePx: z.coerce
    .number()
    .refine((size) => ARTWORK_SIZES_PX.some((known) => known === size), 'must be 64, 300 or 640'),
});

export const trackLoudnessSchema = z.object({
  integratedLufs: z.number(),
  rangeLu: z.number(),
  truePeakDbtp: z.number(),
});

export const trackSchema = z
  .object({
    trackId: trackIdSchema,
    title: z.string(),
    artist: z.string().nullable(),
    albumArtist: z.string().nullable(),
    album: z.string().nullable(),
    genre: z.string().nullable(),
    releaseDate: z.string().nullable(),
    /** The release that it is on; null for a recording that stands alone. */
    releaseId: z.string().nullable(),
    trackNumber: z.int().nullable(),
    discNumber: z.int().nullable(),
    state: z.enum(['uploading', 'queued', 'transcoding', 'ready', 'failed']),
    /** True where a playback grant can be had: published, or mine and far enough to listen along. */
    playable: z.boolean(),
    progress: z.number().min(0).max(1).nullable(),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
    durationSeconds: z.number().nullable(),
    loudness: trackLoudnessSchema.nullable(),
    source: z
      .object({
        codec: z.string(),
        sampleRateHz: z.int(),
        bitsPerSample: z.int().nullable(),
        bitrateKbps: z.number().nullable(),
        lossless: z.boolean(),
      })
      .nullable(),
    waveformUrl: z.string().nullable(),
    /** The largest cover, square WebP. */
    artworkUrl: z.string().nullable(),
    artwork: coverSchema.nullable(),
    createdAt: z.iso.datetime(),
    publishedAt: z.iso.datetime().nullable(),
  })
  .openapi('Track');
export type Track = z.infer<typeof trackSchema>;
