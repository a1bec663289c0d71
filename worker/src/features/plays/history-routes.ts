import { requirePrincipal } from '../../platform/auth/guard.ts';
import type { Env } from '../../platform/env.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../platform/route.ts';
import { SEARCHED_PLAYS } from './play-store.ts';
import {
  heardSchema,
  historyQuerySchema,
  historySettingsSchema,
  playParamsSchema,
  stretchQuerySchema,
} from './schemas.ts';
import { forgetPlay, forgetStretch, listHistory, type PlaysDeps } from './service.ts';

const tags = ['Listening'];

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/history',
  summary: 'What I have heard, newest first',
  description: `With \`q\` only plays in whose title, artist or release all words occur, among the newest ${SEARCHED_PLAYS}.`,
  tags,
  auth: 'history:read',
  errors: [],
  request: { query: historyQuerySchema },
  responses: { 200: jsonBody(pageOf(heardSchema), 'A page of plays') },
});

const forgetOneRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/history/{playId}',
  summary: 'Take one play out of my history',
  description: 'The play goes on counting; nobody can tell any more whose it was.',
  tags,
  auth: 'plays:write',
  errors: ['not_found'],
  request: { params: playParamsSchema },
  responses: { 204: { description: 'It is gone' } },
});

const forgetRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/history',
  summary: 'Take a stretch out of my history, or all of it',
  description: 'Plays that began at or after `after` and before `before`; without both, every one.',
  tags,
  auth: 'plays:write',
  errors: [],
  request: { query: stretchQuerySchema },
  responses: { 204: { description: 'It is gone' } },
});

const readSettingsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/history/settings',
  summary: 'Whether my history is paused',
  tags,
  auth: 'history:read',
  errors: [],
  responses: { 200: jsonBody(historySettingsSchema, 'The settings') },
});

const writeSettingsRoute = defineRoute({
  method: 'put',
  path: '/api/v1/me/history/settings',
  summary: 'Pause my history, or go on',
  description: 'While it is paused plays count, but nothing tells whose they were.',
  tags,
  auth: 'plays:write',
  errors: [],
  request: { body: { required: true, content: { 'application/json': { schema: historySettingsSchema } } } },
  responses: { 200: jsonBody(historySettingsSchema, 'The settings') },
});

const msOf = (text: string | undefined) => (text === undefined ? null : Date.parse(text));

/** Returns the routes of somebody's own history. */
export function historyApp(deps: (env: Env) => PlaysDeps) {
  return featureApp()
    .openapi(listRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json(await listHistory(deps(c.env), id, c.req.valid('query')), 200);
    })
    .openapi(readSettingsRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json({ paused: await deps(c.env).store.isPaused(id) }, 200);
    })
    .openapi(writeSettingsRoute, async (c) => {
      const { paused } = c.req.valid('json');
      await deps(c.env).store.setPaused(requirePrincipal(c.var.principal).id, paused, Date.now());
      return c.json({ paused }, 200);
    })
    .openapi(forgetOneRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      await forgetPlay(deps(c.env), id, c.req.valid('param').playId);
      return c.body(null, 204);
    })
    .openapi(forgetRoute, async (c) => {
      const { before, after } = c.req.valid('query');
      const stretch = { afterMs: msOf(after), beforeMs: msOf(before) };
      await forgetStretch(deps(c.env), requirePrincipal(c.var.principal).id, stretch);
      return c.body(null, 204);
    });
}
