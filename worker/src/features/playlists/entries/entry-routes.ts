import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { decodeCursor } from '../cursor.ts';
import { jsonRequest } from '../json-request.ts';
import {
  addEntriesSchema,
  changedEntriesSchema,
  chosenEntriesSchema,
  entriesQuerySchema,
  entryPageSchema,
  moveEntriesSchema,
  playlistParamsSchema,
} from '../schemas.ts';
import { entryPage, type PlaylistDeps, seenBy } from '../service.ts';
import { smartPage } from '../smart/smart-page.ts';
import { addEntries, moveEntries, setRemoved } from './change-entries.ts';

const params = { params: playlistParamsSchema };
const CHANGE_ERRORS = ['not_found', 'malformed_json', 'playlist_is_smart', 'playlist_full'] as const;
const CHANGED = { 200: jsonBody(changedEntriesSchema, 'What became of them') };

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/playlists/{playlistId}/entries',
  summary: 'What is in a playlist',
  description: 'In order. Tracks that are not available to whoever asks keep their place, without a card.',
  tags: ['Playlists'],
  auth: 'public',
  errors: ['not_found'],
  request: { ...params, query: entriesQuerySchema },
  responses: { 200: jsonBody(entryPageSchema, 'A page of entries') },
});

const addRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists/{playlistId}/entries',
  summary: 'Put tracks into a playlist',
  description:
    'At the end, or behind an entry. Repeatable where the client makes the entry ids: what is known changes nothing. Tracks that are in already are answered with `duplicate_tracks` and their ids, unless `duplicates` says what to do with them.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: [...CHANGE_ERRORS, 'duplicate_tracks'],
  request: { ...params, ...jsonRequest(addEntriesSchema) },
  responses: CHANGED,
});

const removeRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists/{playlistId}/entries/removals',
  summary: 'Take entries out of a playlist',
  description: 'Repeatable, and for thirty days undone by bringing them back.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: CHANGE_ERRORS,
  request: { ...params, ...jsonRequest(chosenEntriesSchema) },
  responses: CHANGED,
});

const restoreRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists/{playlistId}/entries/restorations',
  summary: 'Bring removed entries back to where they were',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: CHANGE_ERRORS,
  request: { ...params, ...jsonRequest(chosenEntriesSchema) },
  responses: CHANGED,
});

const moveRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists/{playlistId}/entries/moves',
  summary: 'Move entries within a playlist',
  description:
    'Together and in the order given, behind an entry, to the start or to the end. What others change at the same time is kept.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: CHANGE_ERRORS,
  request: { ...params, ...jsonRequest(moveEntriesSchema) },
  responses: CHANGED,
});

/** Returns the routes of what is in playlists. */
export function entriesApp(deps: (env: Env) => PlaylistDeps) {
  return featureApp()
    .openapi(listRoute, async (c) => {
      const own = deps(c.env);
      const viewerId = c.var.principal?.id ?? null;
      const { cursor, limit } = c.req.valid('query');
      const playlist = await seenBy(own, c.req.valid('param').playlistId, viewerId);
      if (playlist.rules !== null) {
        return c.json(await smartPage(own, playlist.rules, playlist.ownerId, viewerId), 200);
      }
      return c.json(await entryPage(own, playlist, viewerId, { after: decodeCursor(cursor), limit }), 200);
    })
    .openapi(addRoute, async (c) => {
      const where = { ...c.req.valid('param'), userId: requirePrincipal(c.var.principal).id };
      return c.json(await addEntries(deps(c.env), where, c.req.valid('json')), 200);
    })
    .openapi(removeRoute, async (c) => {
      const where = { ...c.req.valid('param'), userId: requirePrincipal(c.var.principal).id };
      return c.json(await setRemoved(deps(c.env), where, c.req.valid('json').entryIds, true), 200);
    })
    .openapi(restoreRoute, async (c) => {
      const where = { ...c.req.valid('param'), userId: requirePrincipal(c.var.principal).id };
      return c.json(await setRemoved(deps(c.env), where, c.req.valid('json').entryIds, false), 200);
    })
    .openapi(moveRoute, async (c) => {
      const where = { ...c.req.valid('param'), userId: requirePrincipal(c.var.principal).id };
      const { entryIds, after } = c.req.valid('json');
      return c.json(await moveEntries(deps(c.env), where, entryIds, after), 200);
    });
}
