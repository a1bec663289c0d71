import { z } from '@hono/zod-openapi';
import { attachment } from '../../../platform/attachment.ts';
import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { notFound } from '../../../platform/errors.ts';
import { idTimeMs } from '../../../platform/ids.ts';
import { originalKey } from '../../../platform/r2-keys.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { trackParamsSchema } from './schemas.ts';
import { presentTrackAgain, requireTrack, type StudioTracksDeps, tellChanged } from './studio-routes.ts';
import { studioTrackSchema, versionParamsSchema, versionsSchema } from './studio-schemas.ts';

const TAGS = ['Tracks'];

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}/versions',
  summary: 'The version that a track shows, and the one before it that can come back',
  tags: TAGS,
  auth: 'library:read',
  errors: ['not_found'],
  request: { params: trackParamsSchema },
  responses: { 200: jsonBody(versionsSchema, 'The versions, the shown one first') },
});

const restoreRoute = defineRoute({
  method: 'post',
  path: '/api/v1/tracks/{trackId}/versions/{version}/restore',
  summary: 'Show an older version again; the present one can come back in turn',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['not_found'],
  request: { params: versionParamsSchema },
  responses: { 200: jsonBody(studioTrackSchema, 'The track') },
});

const originalRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}/original',
  summary: 'The file that a track was made of',
  description: 'For everyone where the track is public and may be downloaded; for its members always.',
  tags: TAGS,
  auth: 'public',
  errors: ['not_found'],
  request: { params: trackParamsSchema },
  responses: {
    200: {
      description: 'The file',
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
});

/** Returns the routes of a track's versions and of what it was made of. */
export function trackVersionsApp(deps: (env: Env) => StudioTracksDeps & { media: R2Bucket }) {
  return featureApp()
    .openapi(listRoute, async (c) => {
      const own = deps(c.env);
      const row = await requireTrack(own, c.req.valid('param').trackId, c.var.principal);
      const older = (await own.versions.list(row.id)).map(({ version, fileName, facts }) => ({
        version,
        fileName,
        durationSeconds: (facts as { durationSeconds?: number | null }).durationSeconds ?? null,
        madeAt: new Date(idTimeMs(version)).toISOString(),
        isShown: false,
      }));
      const { version, fileName, durationSeconds } = row;
      const shown =
        version === null
          ? []
          : [
              {
                version,
                fileName,
                durationSeconds,
                madeAt: new Date(idTimeMs(version)).toISOString(),
                isShown: true,
              },
            ];
      return c.json({ items: [...shown, ...older] }, 200);
    })
    .openapi(restoreRoute, async (c) => {
      const own = deps(c.env);
      const { trackId, version } = c.req.valid('param');
      await requireTrack(own, trackId, requirePrincipal(c.var.principal));
      if (!(await own.versions.restore(trackId, version)))
        throw notFound('There is no such version of it to go back to.');
      await tellChanged(own, await requireTrack(own, trackId, c.var.principal));
      return c.json(await presentTrackAgain(own, trackId, c.var.principal), 200);
    })
    .openapi(originalRoute, async (c) => {
      const { store, media } = deps(c.env);
      const seen = await store.findFor(c.req.valid('param').trackId, c.var.principal?.id ?? null);
      const row = seen !== null && (seen.isOwn || seen.row.downloadable) ? seen.row : null;
      const uploadId = row?.originalUploadId ?? null;
      const object =
        row === null || uploadId === null ? null : await media.get(originalKey(row.id, uploadId));
      if (row === null || object === null) throw notFound();
      return new Response(object.body, {
        headers: {
          // Never by what was promised of it: nothing of it may run here.
          'content-type': 'application/octet-stream',
          'content-length': String(object.size),
          'content-disposition': attachment(row.fileName),
          'content-security-policy': "default-src 'none'; sandbox",
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-store',
        },
      });
    });
}
