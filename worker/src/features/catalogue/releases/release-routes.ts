import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { newId } from '../../../platform/ids.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../../platform/route.ts';
import { requireMember } from '../access.ts';
import { creditsBodySchema, patchTracksSchema } from '../tracks/studio-schemas.ts';
import { replaceCredits } from './credit-statements.ts';
import { replaceLabels } from './label-statements.ts';
import { presentEditRelease, presentStudioRelease } from './present-studio.ts';
import { wrongState } from './publishing.ts';
import {
  createReleaseSchema,
  editReleaseSchema,
  myReleasesQuerySchema,
  orderSchema,
  patchReleaseSchema,
  releaseParamsSchema,
  studioReleaseSchema,
} from './release-schemas.ts';
import {
  editRelease,
  orderTracks,
  patchTracks,
  type ReleasesDeps,
  requireArtistsOfCredits,
  requireRelease,
} from './release-service.ts';

const TAGS = ['Releases'];
const body = <T>(schema: T) => ({ required: true, content: { 'application/json': { schema } } }) as const;

const createRoute = defineRoute({
  method: 'post',
  path: '/api/v1/releases',
  summary: 'Begin a release',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found'],
  request: { body: body(createReleaseSchema) },
  responses: { 201: jsonBody(editReleaseSchema, 'The draft') },
});

const listMineRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/releases',
  summary: 'Releases of all my artists, the newest first',
  tags: TAGS,
  auth: 'library:read',
  errors: [],
  request: { query: myReleasesQuerySchema },
  responses: { 200: jsonBody(pageOf(studioReleaseSchema), 'A page of releases') },
});

const readRoute = defineRoute({
  method: 'get',
  path: '/api/v1/releases/{releaseId}/edit',
  summary: 'A release as the members of its artist see it, with its tracks and what is missing',
  tags: TAGS,
  auth: 'library:read',
  errors: ['not_found'],
  request: { params: releaseParamsSchema },
  responses: { 200: jsonBody(editReleaseSchema, 'The release') },
});

const patchRoute = defineRoute({
  method: 'patch',
  path: '/api/v1/releases/{releaseId}',
  summary: 'Change a release',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'release_state'],
  request: { params: releaseParamsSchema, body: body(patchReleaseSchema) },
  responses: { 200: jsonBody(editReleaseSchema, 'The release') },
});

const creditsRoute = defineRoute({
  method: 'put',
  path: '/api/v1/releases/{releaseId}/credits',
  summary: 'Say who did what on the whole release',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found'],
  request: { params: releaseParamsSchema, body: body(creditsBodySchema) },
  responses: { 200: jsonBody(editReleaseSchema, 'The release') },
});

const orderRoute = defineRoute({
  method: 'put',
  path: '/api/v1/releases/{releaseId}/tracks',
  summary: 'Put the tracks in an order',
  description: 'The whole list. `tracks_changed` where the release has others meanwhile: read it again.',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'tracks_changed'],
  request: { params: releaseParamsSchema, body: body(orderSchema) },
  responses: { 200: jsonBody(editReleaseSchema, 'The release') },
});

const bulkRoute = defineRoute({
  method: 'patch',
  path: '/api/v1/releases/{releaseId}/tracks',
  summary: 'Change the same of several tracks: all of them or none',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'tracks_changed'],
  request: { params: releaseParamsSchema, body: body(patchTracksSchema) },
  responses: { 200: jsonBody(editReleaseSchema, 'The release') },
});

const deleteRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/releases/{releaseId}',
  summary: 'Delete a release that is not public, with its tracks and their files',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['not_found', 'release_state'],
  request: { params: releaseParamsSchema },
  responses: { 204: { description: 'It is gone' } },
});

/** Returns the routes with which members of an artist make and change releases. */
export function releasesApp(deps: (env: Env) => ReleasesDeps) {
  return featureApp()
    .openapi(createRoute, async (c) => {
      const own = deps(c.env);
      const { artistId, title, kind } = c.req.valid('json');
      await requireMember(own.artists, artistId, c.var.principal);
      const nowMs = Date.now();
      const id = newId('rel', nowMs);
      await own.releases.create({
        id,
        artistId,
        // A nicer one comes with the day it is published; until then it is only ours.
        slug: id.slice(id.indexOf('_') + 1),
        title: title ?? '',
        kind: kind ?? 'single',
        typedFields: [...(title ? ['title'] : []), ...(kind === undefined ? [] : ['kind'])],
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      });
      return c.json(await presentEditRelease(own, await requireRelease(own, id, c.var.principal)), 201);
    })
    .openapi(listMineRoute, async (c) => {
      const query = c.req.valid('query');
      const rows = await deps(c.env).releases.listOwn(requirePrincipal(c.var.principal).id, query);
      const items = rows.slice(0, query.limit).map(presentStudioRelease);
      const nextCursor = rows.length > query.limit ? (items.at(-1)?.releaseId ?? null) : null;
      return c.json({ items, nextCursor }, 200);
    })
    .openapi(readRoute, async (c) => {
      const own = deps(c.env);
      const found = await requireRelease(own, c.req.valid('param').releaseId, c.var.principal);
      return c.json(await presentEditRelease(own, found), 200);
    })
    .openapi(patchRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      const { release } = await requireRelease(own, releaseId, c.var.principal);
      const { genres, tags, ...fields } = c.req.valid('json');
      if (fields.title === '' && release.listedAtMs !== null)
        throw wrongState('What is public has a title. Withdraw it first.');
      const change = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      const typed = [...Object.keys(change), ...(genres ? ['genres'] : []), ...(tags ? ['tags'] : [])];
      const { db } = own.releases;
      return c.json(
        await editRelease(own, releaseId, c.var.principal, () =>
          own.releases.update(releaseId, change, typed, Date.now(), [
            ...(genres ? replaceLabels(db, releaseId, 'genre', genres) : []),
            ...(tags ? replaceLabels(db, releaseId, 'tag', tags) : []),
          ]),
        ),
        200,
      );
    })
    .openapi(creditsRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      await requireRelease(own, releaseId, c.var.principal);
      const { credits } = c.req.valid('json');
      await requireArtistsOfCredits(own, credits, c.var.principal);
      const statements = replaceCredits(own.releases.db, { releaseId, trackId: null }, credits);
      return c.json(
        await editRelease(own, releaseId, c.var.principal, () =>
          own.releases.update(releaseId, {}, ['credits'], Date.now(), statements),
        ),
        200,
      );
    })
    .openapi(orderRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      await requireRelease(own, releaseId, c.var.principal);
      const { tracks } = c.req.valid('json');
      return c.json(
        await editRelease(own, releaseId, c.var.principal, () => orderTracks(own, releaseId, tracks)),
        200,
      );
    })
    .openapi(bulkRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      await requireRelease(own, releaseId, c.var.principal);
      const { trackIds, change } = c.req.valid('json');
      return c.json(
        await editRelease(own, releaseId, c.var.principal, () =>
          patchTracks(own, releaseId, trackIds, change),
        ),
        200,
      );
    })
    .openapi(deleteRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      await requireRelease(own, releaseId, c.var.principal);
      if (!(await own.releases.remove(releaseId, Date.now(), ['draft', 'withdrawn'])))
        throw wrongState('It is public or about to be. Withdraw or unschedule it first.');
      await own.clearDeleted();
      return c.body(null, 204);
    });
}
