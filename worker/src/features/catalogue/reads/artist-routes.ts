import { z } from '@hono/zod-openapi';
import { keyOf, publicOrOwnAnswer } from '../../../platform/cache/public-answer.ts';
import { releaseCardSchema, releaseIdSchema, trackCardSchema } from '../../../platform/cards.ts';
import type { Env } from '../../../platform/env.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../../platform/route.ts';
import { appearancesAnswer, artistAnswer, discographyAnswer, popularAnswer } from './artist-answers.ts';
import type { ReadsDeps } from './deps.ts';
import {
  artistPageSchema,
  artistParamsSchema,
  discographyQuerySchema,
  popularQuerySchema,
} from './schemas.ts';

const artistRoute = defineRoute({
  method: 'get',
  path: '/api/v1/artists/{artistId}',
  summary: 'One artist, by id or slug',
  description: 'An artist who has nothing public yet is visible to their members only.',
  tags: ['Artists'],
  auth: 'public',
  revalidates: true,
  errors: ['not_found'],
  request: { params: artistParamsSchema },
  responses: { 200: jsonBody(artistPageSchema, 'The artist') },
});

const discographyRoute = defineRoute({
  method: 'get',
  path: '/api/v1/artists/{artistId}/releases',
  summary: 'Public releases of an artist, newest first',
  tags: ['Artists'],
  auth: 'public',
  revalidates: true,
  errors: ['not_found'],
  request: { params: artistParamsSchema, query: discographyQuerySchema },
  responses: { 200: jsonBody(pageOf(releaseCardSchema), 'A page of releases') },
});

const popularRoute = defineRoute({
  method: 'get',
  path: '/api/v1/artists/{artistId}/tracks',
  summary: 'Public tracks of an artist, most played first',
  tags: ['Artists'],
  auth: 'public',
  revalidates: true,
  errors: ['not_found'],
  request: { params: artistParamsSchema, query: popularQuerySchema },
  responses: { 200: jsonBody(pageOf(trackCardSchema), 'A page of tracks') },
});

const appearancesRoute = defineRoute({
  method: 'get',
  path: '/api/v1/artists/{artistId}/appearances',
  summary: 'Public releases of others that credit an artist',
  description:
    'Latest made first. A page may be shorter than the next; there is another as long as `nextCursor` is not null.',
  tags: ['Artists'],
  auth: 'public',
  revalidates: true,
  errors: ['not_found'],
  request: { params: artistParamsSchema, query: z.object({ cursor: releaseIdSchema.optional() }) },
  responses: { 200: jsonBody(pageOf(releaseCardSchema), 'A page of releases') },
});

/** Returns the public routes of artists. */
export function artistReadsApp(deps: (env: Env) => ReadsDeps) {
  return featureApp()
    .openapi(artistRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { artistId } = c.req.valid('param');
      return publicOrOwnAnswer(c, cache, keyOf(c), (viewerId) =>
        artistAnswer(db, artistId, viewerId),
      ) as never;
    })
    .openapi(discographyRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { artistId } = c.req.valid('param');
      const query = c.req.valid('query');
      return publicOrOwnAnswer(c, cache, keyOf(c, query), (viewerId) =>
        discographyAnswer(db, artistId, query, viewerId),
      ) as never;
    })
    .openapi(popularRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { artistId } = c.req.valid('param');
      const query = c.req.valid('query');
      return publicOrOwnAnswer(c, cache, keyOf(c, query), (viewerId) =>
        popularAnswer(db, artistId, query, viewerId),
      ) as never;
    })
    .openapi(appearancesRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { artistId } = c.req.valid('param');
      const query = c.req.valid('query');
      return publicOrOwnAnswer(c, cache, keyOf(c, query), (viewerId) =>
        appearancesAnswer(db, artistId, query.cursor, viewerId),
      ) as never;
    });
}
