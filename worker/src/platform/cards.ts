import { z } from '@hono/zod-openapi';
import { idPattern } from './ids.ts';

/*
 * The short forms in which every list shows the same things. Each is made by the feature that owns the rows and asked
 * for by the others through a port (`FindCards`). A card says nothing about who looks at it, so that it can be cached.
 */

export const RELEASE_KINDS = ['album', 'ep', 'single', 'compilation'] as const;

/** What others may do with a recording: nothing, or a licence of the Creative Commons family (SPDX names, lower case). */
export const LICENCES = [
  'all-rights-reserved',
  'cc-by-4.0',
  'cc-by-sa-4.0',
  'cc-by-nd-4.0',
  'cc-by-nc-4.0',
  'cc-by-nc-sa-4.0',
  'cc-by-nc-nd-4.0',
  'cc0-1.0',
] as const;

export const artistIdSchema = z.string().regex(idPattern('art'), 'is not an artist id');
export const releaseIdSchema = z.string().regex(idPattern('rel'), 'is not a release id');
export const playlistIdSchema = z.string().regex(idPattern('pls'), 'is not a playlist id');

/** A square picture in three sizes. */
export const coverSchema = z
  .object({
    url64: z.string(),
    url300: z.string(),
    url640: z.string(),
    placeholder: z.string(),
    colours: z.tuple([z.string(), z.string()]),
  })
  .openapi('Cover');
export type Cover = z.infer<typeof coverSchema>;

export const artistLinkSchema = z
  .object({ artistId: artistIdSchema, slug: z.string(), name: z.string() })
  .openapi('ArtistLink');

export const artistCardSchema = z
  .object({
    artistId: artistIdSchema,
    slug: z.string(),
    name: z.string(),
    avatar: coverSchema.nullable(),
    verified: z.boolean(),
  })
  .openapi('ArtistCard');
export type ArtistCard = z.infer<typeof artistCardSchema>;

export const releaseCardSchema = z
  .object({
    releaseId: releaseIdSchema,
    slug: z.string(),
    title: z.string(),
    kind: z.enum(RELEASE_KINDS),
    artist: artistLinkSchema,
    artwork: coverSchema.nullable(),
    /** `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. */
    releaseDate: z.string().nullable(),
    trackCount: z.int(),
    durationSeconds: z.number(),
  })
  .openapi('ReleaseCard');
export type ReleaseCard = z.infer<typeof releaseCardSchema>;

export const trackCardSchema = z
  .object({
    trackId: z.string().regex(idPattern('trk')),
    title: z.string(),
    /** “Radio edit”, “Live in Riga”. */
    versionTitle: z.string().nullable(),
    /** Everyone who is named beside the title, as one line. */
    artistName: z.string().nullable(),
    /** Null for a recording that stands alone. */
    artist: artistLinkSchema.nullable(),
    release: z.object({ releaseId: releaseIdSchema, slug: z.string(), title: z.string() }).nullable(),
    discNumber: z.int().nullable(),
    trackNumber: z.int().nullable(),
    durationSeconds: z.number().nullable(),
    explicit: z.boolean(),
    artwork: coverSchema.nullable(),
  })
  .openapi('TrackCard');
export type TrackCard = z.infer<typeof trackCardSchema>;

/** Somebody, as they are shown to everyone. */
export const personCardSchema = z
  .object({ handle: z.string(), name: z.string(), avatar: coverSchema.nullable() })
  .openapi('PersonCard');
export type PersonCard = z.infer<typeof personCardSchema>;

export const playlistCardSchema = z
  .object({
    playlistId: playlistIdSchema,
    title: z.string(),
    owner: personCardSchema.nullable(),
    trackCount: z.int(),
    /** Its own cover, or those of its first tracks, at most four. */
    covers: z.array(coverSchema),
    isSmart: z.boolean(),
  })
  .openapi('PlaylistCard');
export type PlaylistCard = z.infer<typeof playlistCardSchema>;

/**
 * Returns the cards of those of `ids` (any number) that `viewerId` may see, in no promised order; what is gone or hidden
 * is left out.
 */
export type FindCards<Card> = (
  ids: readonly string[],
  viewerId: string | null,
) => Promise<ReadonlyMap<string, Card>>;
