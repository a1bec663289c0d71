import { requirePrincipal } from '../../platform/auth/guard.ts';
import type { Env } from '../../platform/env.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../platform/route.ts';
import { historyApp } from './history-routes.ts';
import {
  newResumeSchema,
  playsSchema,
  receiptsSchema,
  recentQuerySchema,
  recentSchema,
  resumeSchema,
} from './schemas.ts';
import { listRecent, type PlaysDeps, readResume, recordPlays, writeResume } from './service.ts';

const tags = ['Listening'];

const recordRoute = defineRoute({
  method: 'post',
  path: '/api/v1/plays',
  summary: 'Tell what was listened to',
  description:
    'Up to 50 plays, also of days ago when there was no connection, each with an id that the player made. The same id again is the same play: it may have grown. A play counts once, after 30 seconds or half of the track, whichever comes first; never for those who made the track.',
  tags,
  auth: 'plays:write',
  limit: 'plays',
  errors: [],
  request: { body: { required: true, content: { 'application/json': { schema: playsSchema } } } },
  responses: { 202: jsonBody(receiptsSchema, 'One receipt for each, in their order') },
});

const recentRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/recent',
  summary: 'What I played from last, each thing once',
  description:
    'Releases, playlists, artists, and tracks that were played by themselves. A list of at most 50, not paged.',
  tags,
  auth: 'history:read',
  errors: [],
  request: { query: recentQuerySchema },
  responses: { 200: jsonBody(pageOf(recentSchema), 'The newest first') },
});

const readResumeRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/resume',
  summary: 'Where I left off',
  tags,
  auth: 'history:read',
  errors: [],
  responses: { 200: jsonBody(resumeSchema, 'The point, and its revision') },
});

const writeResumeRoute = defineRoute({
  method: 'put',
  path: '/api/v1/me/resume',
  summary: 'Note where I am',
  description:
    'Takes the place of the point whose revision it names. Where another device has written since, it answers 409 with that point as `stored`.',
  tags,
  auth: 'plays:write',
  errors: ['revision_conflict'],
  request: { body: { required: true, content: { 'application/json': { schema: newResumeSchema } } } },
  responses: { 200: jsonBody(resumeSchema, 'As it is stored now') },
});

const clearResumeRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/resume',
  summary: 'Forget where I left off',
  tags,
  auth: 'plays:write',
  errors: [],
  responses: { 204: { description: 'It is forgotten' } },
});

/** Returns the routes of plays, history, recently played and where one left off. */
export function playsApp(deps: (env: Env) => PlaysDeps) {
  return featureApp()
    .openapi(recordRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json({ items: await recordPlays(deps(c.env), id, c.req.valid('json').plays) }, 202);
    })
    .openapi(recentRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      const items = await listRecent(deps(c.env), id, c.req.valid('query').limit);
      return c.json({ items, nextCursor: null }, 200);
    })
    .openapi(readResumeRoute, async (c) =>
      c.json(await readResume(deps(c.env), requirePrincipal(c.var.principal).id), 200),
    )
    .openapi(writeResumeRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json(await writeResume(deps(c.env), id, c.req.valid('json')), 200);
    })
    .openapi(clearResumeRoute, async (c) => {
      await deps(c.env).resume.clear(requirePrincipal(c.var.principal).id, Date.now());
      return c.body(null, 204);
    })
    .route('/', historyApp(deps));
}
