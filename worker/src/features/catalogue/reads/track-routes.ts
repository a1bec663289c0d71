import type { PublicAnswer } from '../../../platform/cache/answer-cache.ts';
import { keyOf, publicOrOwnAnswer } from '../../../platform/cache/public-answer.ts';
import { artistTag, trackTag } from '../../../platform/cache/tags.ts';
import type { Database } from '../../../platform/db.ts';
import type { Env } from '../../../platform/env.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { trackParamsSchema } from '../tracks/schemas.ts';
import type { ReadsDeps } from './deps.ts';
import { presentTrackPage } from './present.ts';
import { lyricsSchema, trackPageSchema } from './schemas.ts';
import { findLyrics, findTrack, partsOfTrack } from './track-queries.ts';

const readRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}',
  summary: 'One track',
  description: 'A track that is not published is visible to its owner and to the members of its artist only.',
  tags: ['Tracks'],
  auth: 'public',
  revalidates: true,
  errors: ['not_found'],
  request: { params: trackParamsSchema },
  responses: { 200: jsonBody(trackPageSchema, 'The track') },
});

const lyricsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}/lyrics',
  summary: 'The words of a track, plain and with times',
  tags: ['Tracks'],
  auth: 'public',
  revalidates: true,
  errors: ['not_found'],
  request: { params: trackParamsSchema },
  responses: { 200: jsonBody(lyricsSchema, 'The words') },
});

/** Returns a track's page. */
export async function trackAnswer(
  db: Database,
  trackId: string,
  viewerId: string | null,
): Promise<PublicAnswer | null> {
  const row = await findTrack(db, trackId, viewerId);
  if (row === null) return null;
  const parts = await partsOfTrack(db, trackId, row.track.releaseId);
  // Whoever is let see more than everyone made it or is a member, and may listen along.
  const isOwner = viewerId !== null;
  const { artistId } = row.track;
  return {
    value: presentTrackPage({ row, isOwner, ...parts }),
    tags: [trackTag(trackId), ...(artistId === null ? [] : [artistTag(artistId)])],
  };
}

/** Returns the words of a track. */
export async function lyricsAnswer(
  db: Database,
  trackId: string,
  viewerId: string | null,
): Promise<PublicAnswer | null> {
  const words = await findLyrics(db, trackId, viewerId);
  return words && { value: { plain: words.plain, lrc: words.lrc }, tags: [trackTag(trackId)] };
}

/** Returns the public routes of single tracks. */
export function trackReadsApp(deps: (env: Env) => ReadsDeps) {
  return featureApp()
    .openapi(readRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { trackId } = c.req.valid('param');
      return publicOrOwnAnswer(c, cache, keyOf(c), (viewerId) => trackAnswer(db, trackId, viewerId)) as never;
    })
    .openapi(lyricsRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { trackId } = c.req.valid('param');
      return publicOrOwnAnswer(c, cache, keyOf(c), (viewerId) =>
        lyricsAnswer(db, trackId, viewerId),
      ) as never;
    });
}
