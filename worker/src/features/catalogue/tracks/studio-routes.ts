import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Principal } from '../../../platform/auth/principal.ts';
import type { Env } from '../../../platform/env.ts';
import { notFound, ProblemError } from '../../../platform/errors.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { findTrackCredits, replaceCredits } from '../releases/credit-statements.ts';
import { isrcFrom } from '../releases/release-rules.ts';
import {
  columnsOf,
  type ReleasesDeps,
  requireArtistsOfCredits,
  requireRelease,
} from '../releases/release-service.ts';
import { lrcErrors } from './lyrics.ts';
import type { TrackRow } from './present.ts';
import { presentStudioTrack } from './present-studio.ts';
import { trackParamsSchema } from './schemas.ts';
import type { TrackStore } from './store.ts';
import { creditsBodySchema, lyricsSchema, patchTrackSchema, studioTrackSchema } from './studio-schemas.ts';
import type { TrackVersions } from './track-versions.ts';
import { tooManyTracks } from './upload-place.ts';

const TAGS = ['Tracks'];
const body = <T>(schema: T) => ({ required: true, content: { 'application/json': { schema } } }) as const;

const readRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}/edit',
  summary: 'A track as those see it who may change it',
  tags: TAGS,
  auth: 'library:read',
  errors: ['not_found'],
  request: { params: trackParamsSchema },
  responses: { 200: jsonBody(studioTrackSchema, 'The track') },
});

const patchRoute = defineRoute({
  method: 'patch',
  path: '/api/v1/tracks/{trackId}',
  summary: 'Change a track, or put it on a release',
  description: 'Null empties a field. What is named counts as typed: no file’s tags change it again.',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'tracks_changed', 'too_many_tracks'],
  request: { params: trackParamsSchema, body: body(patchTrackSchema) },
  responses: { 200: jsonBody(studioTrackSchema, 'The track') },
});

const creditsRoute = defineRoute({
  method: 'put',
  path: '/api/v1/tracks/{trackId}/credits',
  summary: 'Say who did what on a track',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found'],
  request: { params: trackParamsSchema, body: body(creditsBodySchema) },
  responses: { 200: jsonBody(studioTrackSchema, 'The track') },
});

const readLyricsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}/edit/lyrics',
  summary: 'The words of a track of mine',
  tags: TAGS,
  auth: 'library:read',
  errors: ['not_found'],
  request: { params: trackParamsSchema },
  responses: { 200: jsonBody(lyricsSchema, 'The words') },
});

const lyricsRoute = defineRoute({
  method: 'put',
  path: '/api/v1/tracks/{trackId}/lyrics',
  summary: 'Give a track words, plain and with times',
  description: 'Refuses LRC whose times are wrong or go back, and names the lines.',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found'],
  request: { params: trackParamsSchema, body: body(lyricsSchema) },
  responses: { 200: jsonBody(lyricsSchema, 'The words') },
});

const deleteRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/tracks/{trackId}',
  summary: 'Delete a track and everything that was made of it',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['not_found'],
  request: { params: trackParamsSchema },
  responses: { 204: { description: 'It is gone' } },
});

/** What the routes of one’s own tracks need. */
export interface StudioTracksDeps extends ReleasesDeps {
  store: TrackStore;
  versions: TrackVersions;
}

/** Returns a track for who may change it: who made it, or a member of its artist. Throws `not_found`. */
export async function requireTrack(
  { store }: Pick<StudioTracksDeps, 'store'>,
  trackId: string,
  principal: Principal | null,
): Promise<TrackRow> {
  const seen = await store.findFor(trackId, requirePrincipal(principal).id);
  if (!seen?.isOwn) throw notFound();
  return seen.row;
}

/** Ends public answers that show a track, where it is public. */
export async function tellChanged({ changed }: StudioTracksDeps, row: TrackRow): Promise<void> {
  if (row.listedAtMs === null) return;
  await changed(...[row.id, row.releaseId, row.artistId].filter((id) => id !== null));
}

/** Reads a track again and returns its answer's form for who changes it. */
export async function presentTrackAgain(own: StudioTracksDeps, trackId: string, principal: Principal | null) {
  const row = await requireTrack(own, trackId, principal);
  const [credits, withLyrics] = await Promise.all([
    findTrackCredits(own.releases.db, [trackId]),
    own.studioTracks.withLyrics([trackId]),
  ]);
  return presentStudioTrack(row, {
    credits: credits.get(trackId) ?? [],
    hasLyrics: withLyrics.has(trackId),
  });
}

function requireLrc(lrc: string | null): void {
  const errors = lrc === null ? [] : lrcErrors(lrc);
  const [first] = errors;
  if (first === undefined) return;
  throw new ProblemError('validation_failed', `lrc: line ${first.line} ${first.message}`, {
    issues: errors
      .slice(0, 50)
      .map(({ line, message }) => ({ path: `lrc.${line}`, message: `line ${line} ${message}` })),
  });
}

/** Returns the routes with which people change their tracks. */
export function studioTracksApp(deps: (env: Env) => StudioTracksDeps) {
  async function move(own: StudioTracksDeps, row: TrackRow, releaseId: string, principal: Principal | null) {
    await requireRelease(own, releaseId, principal);
    if (row.releaseId === releaseId) return;
    if (row.releaseId !== null)
      throw new ProblemError('tracks_changed', 'It is on a release already, and stays there.');
    if (!(await own.studioTracks.moveInto(row.id, releaseId))) throw tooManyTracks();
  }

  return featureApp()
    .openapi(readRoute, async (c) =>
      c.json(await presentTrackAgain(deps(c.env), c.req.valid('param').trackId, c.var.principal), 200),
    )
    .openapi(patchRoute, async (c) => {
      const own = deps(c.env);
      const { trackId } = c.req.valid('param');
      const row = await requireTrack(own, trackId, c.var.principal);
      const { releaseId, isrc, ...fields } = c.req.valid('json');
      const change = columnsOf({
        ...fields,
        ...(isrc === undefined ? {} : { isrc: isrc === null ? null : isrcFrom(isrc) }),
      });
      if (releaseId !== undefined) await move(own, row, releaseId, c.var.principal);
      if (Object.keys(change).length > 0 && !(await own.studioTracks.update([trackId], change)))
        throw notFound();
      await tellChanged(own, await requireTrack(own, trackId, c.var.principal));
      return c.json(await presentTrackAgain(own, trackId, c.var.principal), 200);
    })
    .openapi(creditsRoute, async (c) => {
      const own = deps(c.env);
      const { trackId } = c.req.valid('param');
      const row = await requireTrack(own, trackId, c.var.principal);
      const { credits } = c.req.valid('json');
      await requireArtistsOfCredits(own, credits, c.var.principal);
      // A track that stands alone has no release to name; putting it on one names it.
      const of = { releaseId: row.releaseId ?? '', trackId };
      await own.studioTracks.update([trackId], {}, null, replaceCredits(own.releases.db, of, credits));
      await tellChanged(own, row);
      return c.json(await presentTrackAgain(own, trackId, c.var.principal), 200);
    })
    .openapi(readLyricsRoute, async (c) => {
      const own = deps(c.env);
      const { id } = await requireTrack(own, c.req.valid('param').trackId, c.var.principal);
      return c.json(await own.studioTracks.findLyrics(id), 200);
    })
    .openapi(lyricsRoute, async (c) => {
      const own = deps(c.env);
      const row = await requireTrack(own, c.req.valid('param').trackId, c.var.principal);
      const { plain, lrc } = c.req.valid('json');
      requireLrc(lrc === '' ? null : lrc);
      const words = { plain: plain || null, lrc: lrc || null };
      await own.studioTracks.setLyrics(row.id, words, Date.now());
      await tellChanged(own, row);
      return c.json(words, 200);
    })
    .openapi(deleteRoute, async (c) => {
      const own = deps(c.env);
      const row = await requireTrack(own, c.req.valid('param').trackId, c.var.principal);
      await own.studioTracks.remove(row.id, row.releaseId, Date.now());
      await tellChanged(own, row);
      await own.clearDeleted();
      return c.body(null, 204);
    });
}
