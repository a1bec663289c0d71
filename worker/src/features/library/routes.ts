import { requirePrincipal } from '../../platform/auth/guard.ts';
import type { Env } from '../../platform/env.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../platform/route.ts';
import { timePageQuerySchema } from '../../platform/time-cursor.ts';
import {
  countsSchema,
  followKindSchema,
  followParamsSchema,
  followSchema,
  idsQuerySchema,
  likeKindSchema,
  likeParamsSchema,
  likeSchema,
  ratedTrackSchema,
  ratingSchema,
  relationsSchema,
  starsSchema,
} from './schemas.ts';
import {
  findPublicCounts,
  findRelations,
  follow,
  type LibraryDeps,
  like,
  listFollows,
  listLikes,
  listRatings,
  rate,
  unfollow,
} from './service.ts';

const tags = ['Library'];
const DONE = { 204: { description: 'It is so now, whether it was before or not' } };
const GONE = '`card` is null where the thing cannot be seen any more; its place in the list stays.';

const likeRoute = defineRoute({
  method: 'put',
  path: '/api/v1/me/likes/{kind}/{id}',
  summary: 'Like something',
  tags,
  auth: 'library:write',
  errors: ['not_found'],
  request: { params: likeParamsSchema },
  responses: DONE,
});

const unlikeRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/likes/{kind}/{id}',
  summary: 'Like something no more',
  tags,
  auth: 'library:write',
  errors: [],
  request: { params: likeParamsSchema },
  responses: DONE,
});

const listLikesRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/likes/{kind}',
  summary: 'What I like of one kind, newest first',
  description: GONE,
  tags,
  auth: 'library:read',
  errors: [],
  request: { params: likeKindSchema, query: timePageQuerySchema },
  responses: { 200: jsonBody(pageOf(likeSchema), 'A page of likes') },
});

const followRoute = defineRoute({
  method: 'put',
  path: '/api/v1/me/follows/{kind}/{id}',
  summary: 'Follow an artist, or a person by the handle',
  tags,
  auth: 'library:write',
  errors: ['not_found', 'cannot_follow_self'],
  request: { params: followParamsSchema },
  responses: DONE,
});

const unfollowRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/follows/{kind}/{id}',
  summary: 'Follow somebody no more',
  tags,
  auth: 'library:write',
  errors: [],
  request: { params: followParamsSchema },
  responses: DONE,
});

const listFollowsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/follows/{kind}',
  summary: 'Whom I follow, newest first',
  description: `${GONE} People who hide are left out, so that a page may be shorter than asked for.`,
  tags,
  auth: 'library:read',
  errors: [],
  request: { params: followKindSchema, query: timePageQuerySchema },
  responses: { 200: jsonBody(pageOf(followSchema), 'A page of follows') },
});

const rateRoute = defineRoute({
  method: 'put',
  path: '/api/v1/me/ratings/{id}',
  summary: 'Rate a track, one to five stars',
  tags,
  auth: 'library:write',
  errors: ['not_found'],
  request: {
    params: ratedTrackSchema,
    body: { required: true, content: { 'application/json': { schema: starsSchema } } },
  },
  responses: DONE,
});

const unrateRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/ratings/{id}',
  summary: 'Take back my rating of a track',
  tags,
  auth: 'library:write',
  errors: [],
  request: { params: ratedTrackSchema },
  responses: DONE,
});

const listRatingsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/ratings',
  summary: 'What I rated, newest first',
  tags,
  auth: 'library:read',
  errors: [],
  request: { query: timePageQuerySchema },
  responses: { 200: jsonBody(pageOf(ratingSchema), 'A page of ratings') },
});

const relationsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/relations',
  summary: 'How I stand to each of these things',
  description:
    'Whether I like it, follow it, and the stars I gave it. Public answers say nothing of who asks, so that they can be cached; this is asked beside them.',
  tags,
  auth: 'library:read',
  errors: [],
  request: { query: idsQuerySchema },
  responses: { 200: jsonBody(relationsSchema, 'One for each of the ids, in their order') },
});

const countsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/counts',
  summary: 'How many like and follow each of these things',
  tags,
  auth: 'public',
  errors: [],
  request: { query: idsQuerySchema },
  responses: { 200: jsonBody(countsSchema, 'One for each of the ids, in their order') },
});

/** Seconds for which counters may be remembered by browsers and caches. */
const COUNTS_SECONDS = 30;

/** Returns the routes of likes, follows and ratings. */
export function libraryApp(deps: (env: Env) => LibraryDeps) {
  return featureApp()
    .openapi(likeRoute, async (c) => {
      const { kind, id } = c.req.valid('param');
      await like(deps(c.env), requirePrincipal(c.var.principal).id, kind, id);
      return c.body(null, 204);
    })
    .openapi(unlikeRoute, async (c) => {
      await deps(c.env).likes.remove(requirePrincipal(c.var.principal).id, c.req.valid('param').id);
      return c.body(null, 204);
    })
    .openapi(listLikesRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json(await listLikes(deps(c.env), id, c.req.valid('param').kind, c.req.valid('query')), 200);
    })
    .openapi(followRoute, async (c) => {
      const { kind, id } = c.req.valid('param');
      await follow(deps(c.env), requirePrincipal(c.var.principal).id, kind, id);
      return c.body(null, 204);
    })
    .openapi(unfollowRoute, async (c) => {
      const { kind, id } = c.req.valid('param');
      await unfollow(deps(c.env), requirePrincipal(c.var.principal).id, kind, id);
      return c.body(null, 204);
    })
    .openapi(listFollowsRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json(await listFollows(deps(c.env), id, c.req.valid('param').kind, c.req.valid('query')), 200);
    })
    .openapi(rateRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      await rate(deps(c.env), id, c.req.valid('param').id, c.req.valid('json').stars);
      return c.body(null, 204);
    })
    .openapi(unrateRoute, async (c) => {
      await deps(c.env).ratings.remove(requirePrincipal(c.var.principal).id, c.req.valid('param').id);
      return c.body(null, 204);
    })
    .openapi(listRatingsRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json(await listRatings(deps(c.env), id, c.req.valid('query')), 200);
    })
    .openapi(relationsRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json({ items: await findRelations(deps(c.env), id, c.req.valid('query').ids) }, 200);
    })
    .openapi(countsRoute, async (c) => {
      const items = await findPublicCounts(deps(c.env), c.req.valid('query').ids);
      c.header('cache-control', `public, max-age=${COUNTS_SECONDS}`);
      return c.json({ items }, 200);
    });
}
