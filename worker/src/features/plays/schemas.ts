import { z } from '@hono/zod-openapi';
import {
  artistCardSchema,
  artistIdSchema,
  playlistCardSchema,
  playlistIdSchema,
  releaseCardSchema,
  releaseIdSchema,
  trackCardSchema,
} from '../../platform/cards.ts';
import { idPattern } from '../../platform/ids.ts';
import { timePageQuerySchema } from '../../platform/time-cursor.ts';
import { PLAYED_QUALITIES, SOURCE_KINDS, SOURCE_THINGS } from './kinds.ts';

const trackIdSchema = z.string().regex(idPattern('trk'), 'is not a track id');
const playIdSchema = z.string().regex(idPattern('ply'), 'is not a play id');

const ID_OF = {
  track: trackIdSchema,
  release: releaseIdSchema,
  artist: artistIdSchema,
  playlist: playlistIdSchema,
} as const;

/** From where in the app something was played; `id` belongs to tracks, releases, artists and playlists. */
export const sourceSchema = z
  .object({ kind: z.enum(SOURCE_KINDS), id: z.string().max(64).nullish() })
  .superRefine(({ kind, id }, context) => {
    const thing = SOURCE_THINGS.find((known) => known === kind);
    const isRight = thing === undefined ? id == null : ID_OF[thing].safeParse(id).success;
    if (!isRight)
      context.addIssue({ code: 'custom', path: ['id'], message: `does not fit the kind ${kind}` });
  })
  .openapi('PlaySource');

export const playSchema = z
  .object({
    id: z
      .union([z.ulid(), z.uuid()], 'is neither a ULID nor a UUID')
      .openapi({ type: 'string', description: 'Made by the player; the same again is the same play' }),
    trackId: trackIdSchema,
    startedAt: z.iso.datetime({ offset: true }),
    /** Of the track, without pauses; may grow while it plays. */
    listenedSeconds: z.number().min(0).max(86_400),
    source: sourceSchema.optional(),
    quality: z.enum(PLAYED_QUALITIES).optional(),
  })
  .openapi('Play');
export type Play = z.infer<typeof playSchema>;

const MOST_PLAYS = 50;
export const playsSchema = z.object({ plays: z.array(playSchema).min(1).max(MOST_PLAYS) });

export const receiptsSchema = z.object({
  items: z.array(
    z
      .object({
        id: z.string(),
        accepted: z.boolean(),
        /** Why not; sending it again will not help. */
        reason: z.enum(['unknown_track', 'too_old', 'in_future']).nullable(),
      })
      .openapi('PlayReceipt'),
  ),
});

export const heardSchema = z
  .object({
    playId: z.string(),
    startedAt: z.iso.datetime(),
    listenedSeconds: z.number(),
    source: z.object({ kind: z.enum(SOURCE_KINDS), id: z.string().nullable() }),
    /** Null where it cannot be seen any more. */
    track: trackCardSchema.nullable(),
  })
  .openapi('HeardTrack');

const MOST_WORDS = 8;
export const historyQuerySchema = timePageQuerySchema.extend({
  q: z
    .string()
    .max(100)
    .optional()
    .openapi({ description: `Words of title, artist or release; the first ${MOST_WORDS} are looked for` }),
});
export { MOST_WORDS };

export const playParamsSchema = z.object({ playId: playIdSchema });
export const stretchQuerySchema = z.object({
  before: z.iso.datetime({ offset: true }).optional(),
  after: z.iso.datetime({ offset: true }).optional(),
});
export const historySettingsSchema = z.object({ paused: z.boolean() }).openapi('HistorySettings');

const MOST_RECENT = 50;
export const recentQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(MOST_RECENT).default(20),
});

const playedAt = z.iso.datetime();
export const recentSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('track'), card: trackCardSchema, playedAt }),
    z.object({ kind: z.literal('release'), card: releaseCardSchema, playedAt }),
    z.object({ kind: z.literal('artist'), card: artistCardSchema, playedAt }),
    z.object({ kind: z.literal('playlist'), card: playlistCardSchema, playedAt }),
  ])
  .openapi('RecentlyPlayed');
export type Recent = z.infer<typeof recentSchema>;

const MOST_QUEUED = 500;
export const newResumeSchema = z.object({
  /** That of the point this one takes the place of; 0 where none was ever seen. */
  revision: z.int().min(0),
  trackId: trackIdSchema,
  positionSeconds: z.number().min(0).max(86_400),
  source: sourceSchema.optional(),
  queue: z.array(trackIdSchema).max(MOST_QUEUED).default([]),
});
export type NewResume = z.infer<typeof newResumeSchema>;

export const resumeSchema = z
  .object({
    revision: z.int(),
    /** Null where there is nothing to go on with. */
    point: z
      .object({
        trackId: z.string(),
        track: trackCardSchema.nullable(),
        positionSeconds: z.number(),
        source: z.object({ kind: z.enum(SOURCE_KINDS), id: z.string().nullable() }).nullable(),
        queue: z.array(z.string()),
        updatedAt: z.iso.datetime(),
      })
      .nullable(),
  })
  .openapi('Resume');
