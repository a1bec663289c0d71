import { z } from '@hono/zod-openapi';
import { AAC_BITRATES_KBPS } from '@melro/transcoder/contract';
import { idPattern } from '../../platform/ids.ts';

export const playbackRequestSchema = z
  .object({
    trackId: z.string().regex(idPattern('trk'), 'is not a track id'),
    maxBitrateKbps: z.int().min(AAC_BITRATES_KBPS[0]).max(10_000).optional(),
    lossless: z.boolean().optional(),
  })
  .openapi('PlaybackRequest');

export const grantSchema = z
  .object({
    /** The master playlist of the AAC renditions. */
    url: z.string(),
    /** The master playlist of the FLAC rendition, where it was asked for. */
    losslessUrl: z.string().optional(),
    expiresAt: z.iso.datetime(),
    /** Null while the track is still being transcoded. */
    durationSeconds: z.number().nullable(),
    loudness: z
      .object({ integratedLufs: z.number(), rangeLu: z.number(), truePeakDbtp: z.number() })
      .nullable(),
    waveformUrl: z.string().nullable(),
  })
  .openapi('PlaybackGrant');
