import { z } from '@hono/zod-openapi';
import { requirePrincipal } from '../../platform/auth/guard.ts';
import { playlistIdSchema } from '../../platform/cards.ts';
import type { Env } from '../../platform/env.ts';
import { notFound, ProblemError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { defineRoute, featureApp, jsonBody, pageOf, pageQuerySchema } from '../../platform/route.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { jsonRequest } from './json-request.ts';
import { MAX_PLAYLISTS } from './policy.ts';
import {
  createPlaylistSchema,
  entriesQuerySchema,
  keptPlaylistSchema,
  playlistPageSchema,
  playlistParamsSchema,
  playlistSchema,
  updatePlaylistSchema,
} from './schemas.ts';
import { entryPage, ownedBy, type PlaylistDeps, presentOne, presentPlaylist, seenBy } from './service.ts';
import { keepContents, smartPage } from './smart/smart-page.ts';

const params = { params: playlistParamsSchema };
const REMOVED_LISTED = 100;

const createRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists',
  summary: 'Make a playlist',
  description: 'Repeatable where the client makes the id. With `rules` it is a smart one.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['malformed_json', 'not_found', 'too_many_playlists'],
  request: jsonRequest(createPlaylistSchema),
  responses: { 201: jsonBody(playlistSchema, 'It is made') },
});

const readRoute = defineRoute({
  method: 'get',
  path: '/api/v1/playlists/{playlistId}',
  summary: 'A playlist and the first of what is in it',
  description: 'A private one is there for its members only.',
  tags: ['Playlists'],
  auth: 'public',
  errors: ['not_found'],
  request: params,
  responses: { 200: jsonBody(playlistPageSchema, 'The playlist') },
});

const updateRoute = defineRoute({
  method: 'patch',
  path: '/api/v1/playlists/{playlistId}',
  summary: 'Rename a playlist, describe it, or change who sees it',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['not_found', 'malformed_json', 'playlist_is_smart'],
  request: { ...params, ...jsonRequest(updatePlaylistSchema) },
  responses: { 200: jsonBody(playlistSchema, 'As it is now') },
});

const removeRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/playlists/{playlistId}',
  summary: 'Throw a playlist away',
  description: 'For thirty days its owner can take it back.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['not_found'],
  request: params,
  responses: { 204: { description: 'It is out of sight' } },
});

const restoreRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists/{playlistId}/restore',
  summary: 'Take back a playlist that I threw away',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['not_found'],
  request: params,
  responses: { 200: jsonBody(playlistSchema, 'As it was') },
});

const duplicateRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists/{playlistId}/duplicate',
  summary: 'Copy a playlist that I see into a private one of my own',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['not_found', 'too_many_playlists'],
  request: params,
  responses: { 201: jsonBody(playlistSchema, 'The copy') },
});

const mineRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/playlists',
  summary: 'Playlists that I own or work on, in my own order',
  tags: ['Playlists'],
  auth: 'library:read',
  errors: [],
  request: { query: entriesQuerySchema },
  responses: { 200: jsonBody(pageOf(keptPlaylistSchema), 'A page of playlists') },
});

const removedRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/removed-playlists',
  summary: 'Playlists that I threw away and may still take back',
  tags: ['Playlists'],
  auth: 'library:read',
  errors: [],
  responses: {
    200: jsonBody(z.object({ items: z.array(playlistSchema) }), 'The newest, a hundred at most'),
  },
});

const ofPersonRoute = defineRoute({
  method: 'get',
  path: '/api/v1/people/{handle}/playlists',
  summary: 'Public playlists of somebody, newest first',
  tags: ['Playlists'],
  auth: 'public',
  errors: ['not_found'],
  request: {
    params: z.object({ handle: z.string().min(1).max(100) }),
    query: pageQuerySchema.extend({ cursor: playlistIdSchema.optional() }),
  },
  responses: { 200: jsonBody(pageOf(playlistSchema), 'A page of playlists') },
});

/** Returns the routes of playlists themselves. */
export function playlistHeadsApp(deps: (env: Env) => PlaylistDeps) {
  const tooMany = () =>
    new ProblemError('too_many_playlists', `Nobody keeps more than ${MAX_PLAYLISTS} playlists.`);

  return featureApp()
    .openapi(createRoute, async (c) => {
      const own = deps(c.env);
      const { id } = requirePrincipal(c.var.principal);
      const { playlistId = newId('pls'), ...head } = c.req.valid('json');
      if (head.rules !== null) await own.evaluate(head.rules, id);
      if (!(await own.store.create(playlistId, id, head, Date.now()))) {
        const ownerId = await own.store.ownerOf(playlistId);
        if (ownerId === null) throw tooMany();
        if (ownerId !== id) throw notFound();
      }
      const made = await seenBy(own, playlistId, id);
      if (made.rules === null) return c.json(await presentOne(own, made), 201);
      const entries = await smartPage(own, made.rules, id, id);
      return c.json(await presentOne(own, await keepContents(own, made, entries)), 201);
    })
    .openapi(readRoute, async (c) => {
      const own = deps(c.env);
      const viewerId = c.var.principal?.id ?? null;
      const row = await seenBy(own, c.req.valid('param').playlistId, viewerId);
      if (row.rules !== null) {
        const entries = await smartPage(own, row.rules, row.ownerId, viewerId);
        // What lists show of it is what its owner sees.
        const kept = row.role === 'owner' ? await keepContents(own, row, entries) : row;
        return c.json({ ...(await presentOne(own, kept)), entries }, 200);
      }
      const [playlist, entries] = await Promise.all([
        presentOne(own, row),
        entryPage(own, row, viewerId, { after: null, limit: 100 }),
      ]);
      return c.json({ ...playlist, entries }, 200);
    })
    .openapi(updateRoute, async (c) => {
      const own = deps(c.env);
      const { id } = requirePrincipal(c.var.principal);
      const { playlistId } = c.req.valid('param');
      const change = c.req.valid('json');
      const row = await ownedBy(own, playlistId, id);
      if (change.rules !== undefined && row.rules === null) {
        throw new ProblemError('playlist_is_smart', 'Only a smart playlist has rules; make a new one.');
      }
      if (change.rules !== undefined) await own.evaluate(change.rules, id);
      await own.store.update(playlistId, change, Date.now());
      const changed = await seenBy(own, playlistId, id);
      if (changed.rules === null) return c.json(await presentOne(own, changed), 200);
      const entries = await smartPage(own, changed.rules, id, id);
      return c.json(await presentOne(own, await keepContents(own, changed, entries)), 200);
    })
    .openapi(removeRoute, async (c) => {
      const own = deps(c.env);
      const { playlistId } = c.req.valid('param');
      await ownedBy(own, playlistId, requirePrincipal(c.var.principal).id);
      await own.store.remove(playlistId, Date.now());
      return c.body(null, 204);
    })
    .openapi(restoreRoute, async (c) => {
      const own = deps(c.env);
      const { id } = requirePrincipal(c.var.principal);
      const { playlistId } = c.req.valid('param');
      if (!(await own.store.restore(playlistId, id))) throw notFound();
      return c.json(await presentOne(own, await seenBy(own, playlistId, id)), 200);
    })
    .openapi(duplicateRoute, async (c) => {
      const own = deps(c.env);
      const { id } = requirePrincipal(c.var.principal);
      const from = await seenBy(own, c.req.valid('param').playlistId, id);
      const { description, rules } = from;
      const playlistId = newId('pls');
      const head = { title: from.title.slice(0, 190), description, visibility: 'private' as const, rules };
      if (!(await own.store.create(playlistId, id, head, Date.now()))) throw tooMany();
      if (rules === null) await own.store.copyEntries(from.id, playlistId, id, Date.now());
      return c.json(await presentOne(own, await seenBy(own, playlistId, id)), 201);
    })
    .openapi(mineRoute, async (c) => {
      const own = deps(c.env);
      const { cursor, limit } = c.req.valid('query');
      const rows = await own.store.listKept(
        requirePrincipal(c.var.principal).id,
        decodeCursor(cursor),
        limit,
      );
      const shown = rows.slice(0, limit);
      const people = await own.findPeople(shown.map(({ ownerId }) => ownerId));
      const last = shown.at(-1);
      const items = shown.map((row) => {
        const { rules: _rules, ...playlist } = presentPlaylist(row, people.get(row.ownerId) ?? null);
        return { ...playlist, folderId: row.folderId };
      });
      const nextCursor =
        rows.length > limit && last !== undefined ? encodeCursor(last.keptAt, last.id) : null;
      return c.json({ items, nextCursor }, 200);
    })
    .openapi(removedRoute, async (c) => {
      const own = deps(c.env);
      const { id } = requirePrincipal(c.var.principal);
      const rows = await own.store.listRemoved(id, REMOVED_LISTED);
      const people = await own.findPeople([id]);
      const items = rows.map((row) => presentPlaylist({ ...row, role: 'owner' }, people.get(id) ?? null));
      return c.json({ items }, 200);
    })
    .openapi(ofPersonRoute, async (c) => {
      const own = deps(c.env);
      const { cursor, limit } = c.req.valid('query');
      const owner = await own.findPerson(c.req.valid('param').handle);
      if (owner === null || (owner.isHidden && owner.id !== c.var.principal?.id)) throw notFound();
      const ownerId = owner.id;
      const rows = await own.store.listPublic(ownerId, cursor, limit);
      const people = await own.findPeople([ownerId]);
      const items = rows
        .slice(0, limit)
        .map((row) => presentPlaylist({ ...row, role: null }, people.get(ownerId) ?? null));
      return c.json(
        { items, nextCursor: rows.length > limit ? (items.at(-1)?.playlistId ?? null) : null },
        200,
      );
    });
}
