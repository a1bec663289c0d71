import { requirePrincipal } from '../../platform/auth/guard.ts';
import type { Env } from '../../platform/env.ts';
import { cropOf, cropQuerySchema, PICTURE_ERRORS, pictureBody } from '../../platform/images.ts';
import { putPicture, takePicture } from '../../platform/picture-swap.ts';
import { defineRoute, featureApp, jsonBody } from '../../platform/route.ts';
import { playlistParamsSchema, playlistSchema } from './schemas.ts';
import { ownedBy, type PlaylistDeps, presentOne, seenBy } from './service.ts';

const putRoute = defineRoute({
  method: 'put',
  path: '/api/v1/playlists/{playlistId}/cover',
  summary: 'Give a playlist a cover of its own',
  description:
    'In place of those of its tracks; its owner does. PNG, JPEG or WebP; its bytes decide, not its media type.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  limit: 'pictures',
  errors: ['not_found', ...PICTURE_ERRORS],
  request: { params: playlistParamsSchema, query: cropQuerySchema, body: pictureBody },
  responses: { 200: jsonBody(playlistSchema, 'The playlist') },
});

const takeRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/playlists/{playlistId}/cover',
  summary: 'Take a playlist’s own cover away',
  description: 'Those of its tracks are shown again. Repeatable.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['not_found', 'unavailable'],
  request: { params: playlistParamsSchema },
  responses: { 204: { description: 'There is none any more' } },
});

/** Returns the routes of covers that people give to playlists. */
export function coversApp(deps: (env: Env) => PlaylistDeps) {
  return featureApp()
    .openapi(putRoute, async (c) => {
      const own = deps(c.env);
      const { id } = requirePrincipal(c.var.principal);
      const { playlistId } = c.req.valid('param');
      await ownedBy(own, playlistId, id);
      const target = { kind: 'cover', ownerId: playlistId, crop: cropOf(c.req.valid('query')) } as const;
      await putPicture(own.images, target, c.req.raw, own.store.coverOf(playlistId));
      return c.json(await presentOne(own, await seenBy(own, playlistId, id)), 200);
    })
    .openapi(takeRoute, async (c) => {
      const own = deps(c.env);
      const { playlistId } = c.req.valid('param');
      await ownedBy(own, playlistId, requirePrincipal(c.var.principal).id);
      await takePicture(own.images, own.store.coverOf(playlistId));
      return c.body(null, 204);
    });
}
