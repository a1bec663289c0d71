import { z } from '@hono/zod-openapi';
import { coverSchema, personCardSchema, playlistIdSchema, trackCardSchema } from '../../platform/cards.ts';
import { idPattern } from '../../platform/ids.ts';
import { pageOf } from '../../platform/route.ts';
import { MAX_AT_ONCE } from './policy.ts';
import { PLAYLIST_ROLES, smartRulesSchema, VISIBILITIES } from './vocabulary.ts';

export const entryIdSchema = z.string().regex(idPattern('ple'), 'is not an entry id');
const trackIdSchema = z.string().regex(idPattern('trk'), 'is not a track id');

export const playlistParamsSchema = z.object({ playlistId: playlistIdSchema });

export const titleSchema = z.string().trim().min(1).max(200);
const descriptionSchema = z.string().trim().max(2000);
const visibilitySchema = z.enum(VISIBILITIES);

export const createPlaylistSchema = z
  .strictObject({
    /** Made by the client, so that asking twice makes one. */
    playlistId: playlistIdSchema.optional(),
    title: titleSchema,
    description: descriptionSchema.default(''),
    visibility: visibilitySchema.default('private'),
    rules: smartRulesSchema.nullable().default(null),
  })
  .openapi('CreatePlaylist');

export const updatePlaylistSchema = z
  .strictObject({
    title: titleSchema,
    description: descriptionSchema,
    visibility: visibilitySchema,
    /** Of a smart playlist only; a playlist cannot become one, or stop being one. */
    rules: smartRulesSchema,
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'changes nothing')
  .openapi('UpdatePlaylist');

export const entrySchema = z
  .object({
    /** Null in a smart playlist, whose tracks nobody put in. */
    entryId: entryIdSchema.nullable(),
    trackId: trackIdSchema,
    /** Sorts entries as bytes; of equal ones the id decides. */
    position: z.string().nullable(),
    /** Null where the track is not available to whoever looks. */
    track: trackCardSchema.nullable(),
    addedBy: personCardSchema.nullable(),
    addedAt: z.iso.datetime().nullable(),
  })
  .openapi('PlaylistEntry');

export const entryPageSchema = pageOf(entrySchema).extend({
  /** True where a smart playlist looked at as many tracks as it may and there were more. */
  isPartial: z.boolean(),
});

export const playlistSchema = z
  .object({
    playlistId: playlistIdSchema,
    title: z.string(),
    description: z.string(),
    visibility: visibilitySchema,
    isSmart: z.boolean(),
    /** Only its members see what a smart playlist is made of. */
    rules: smartRulesSchema.nullable(),
    owner: personCardSchema.nullable(),
    /** What whoever asks may do here; null is to look. */
    role: z.enum(PLAYLIST_ROLES).nullable(),
    trackCount: z.int(),
    durationSeconds: z.number(),
    covers: z.array(coverSchema),
    hasOwnCover: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Playlist');

export const playlistPageSchema = playlistSchema
  .extend({ entries: entryPageSchema })
  .openapi('PlaylistWithEntries');

export const keptPlaylistSchema = playlistSchema
  .omit({ rules: true })
  .extend({ folderId: z.string().nullable() })
  .openapi('KeptPlaylist');

/** A key that a list goes on behind, as opaque to clients as it must be. */
export const longCursorSchema = z.string().max(4000).optional();
export const entriesQuerySchema = z.object({
  cursor: longCursorSchema,
  limit: z.coerce.number().int().min(1).max(100).default(100),
});

/** Behind this entry; at the start where it is null, at the end where it is left out. */
const placeSchema = entryIdSchema.nullable().optional();
const entryIdsSchema = z
  .array(entryIdSchema)
  .min(1)
  .max(MAX_AT_ONCE)
  .refine((ids) => new Set(ids).size === ids.length, 'names an entry twice');

export const addEntriesSchema = z
  .strictObject({
    entries: z
      .array(z.strictObject({ entryId: entryIdSchema.optional(), trackId: trackIdSchema }))
      .min(1)
      .max(MAX_AT_ONCE)
      .refine((entries) => {
        const ids = entries.flatMap(({ entryId }) => entryId ?? []);
        return new Set(ids).size === ids.length;
      }, 'names an entry twice'),
    after: placeSchema,
    /** What to do with tracks that are in already: answer `duplicate_tracks`, leave them out, or add them again. */
    duplicates: z.enum(['refuse', 'skip', 'allow']).default('refuse'),
  })
  .openapi('AddEntries');

export const chosenEntriesSchema = z.strictObject({ entryIds: entryIdsSchema }).openapi('ChosenEntries');
export const moveEntriesSchema = z
  .strictObject({ entryIds: entryIdsSchema, after: placeSchema })
  .refine(({ entryIds, after }) => after == null || !entryIds.includes(after), {
    path: ['after'],
    message: 'is among those that move',
  })
  .openapi('MoveEntries');

export const changedEntriesSchema = z
  .object({
    entries: z.array(entrySchema),
    skippedTrackIds: z.array(z.string()),
    trackCount: z.int(),
    durationSeconds: z.number(),
    covers: z.array(coverSchema),
  })
  .openapi('ChangedEntries');

export const memberSchema = z
  .object({ person: personCardSchema.nullable(), role: z.enum(PLAYLIST_ROLES), since: z.iso.datetime() })
  .openapi('PlaylistMember');

const invitationIdSchema = z.string().regex(idPattern('inv'), 'is not an invitation id');
export const memberParamsSchema = playlistParamsSchema.extend({ handle: z.string().min(1).max(100) });
export const invitationParamsSchema = playlistParamsSchema.extend({ invitationId: invitationIdSchema });
export const invitationSchema = z
  .object({
    invitationId: invitationIdSchema,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .openapi('PlaylistInvitation');
export const newInvitationSchema = invitationSchema
  .extend({
    /** In this answer and nowhere else: it is kept as a hash. */
    token: z.string(),
  })
  .openapi('NewPlaylistInvitation');
export const invitationTokenSchema = z
  .strictObject({ token: z.string().regex(/^[\w-]{43}$/, 'is not a token') })
  .openapi('PlaylistInvitationToken');
export const invitedSchema = z
  .object({ playlistId: playlistIdSchema, title: z.string(), owner: personCardSchema.nullable() })
  .openapi('InvitedPlaylist');
