import { z } from '@hono/zod-openapi';
import type { Env } from '../../platform/env.ts';
import { ProblemError } from '../../platform/errors.ts';
import { hlsKey } from '../../platform/r2-keys.ts';
import { defineRoute, featureApp } from '../../platform/route.ts';
import type { MediaKeys } from './claims.ts';
import { CORS_HEADERS, PREFLIGHT_HEADERS, type Refusal, serveMedia } from './gateway.ts';
import { edgeCache } from './segment-cache.ts';

const mediaRoute = defineRoute({
  method: 'get',
  path: '/media/{token}/{trackId}/{version}/{path}',
  summary: 'Playlists and segments of a grant',
  description:
    'The address comes from a playback grant and its token is the permission. Playlists name their segments relatively, so they inherit the token. Supports HEAD, Range and If-Range.',
  tags: ['Media'],
  auth: 'public',
  errors: ['media_token_refused', 'not_found', 'range_not_satisfiable'],
  request: {
    params: z.object({
      token: z.string(),
      trackId: z.string(),
      version: z.string(),
      path: z.string(),
    }),
  },
  responses: {
    200: {
      description: 'The object',
      content: {
        'application/vnd.apple.mpegurl': { schema: z.string() },
        'audio/mp4': { schema: z.string().openapi({ format: 'binary' }) },
      },
    },
    206: {
      description: 'A range of it',
      content: { 'audio/mp4': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    304: { description: 'It has not changed' },
  },
});

function refuse(refusal: Refusal): never {
  if (refusal === 'refused') {
    throw new ProblemError('media_token_refused', 'Ask for a new playback grant.', {}, CORS_HEADERS);
  }
  if (refusal === 'not_found')
    throw new ProblemError('not_found', 'There is no such object.', {}, CORS_HEADERS);
  throw new ProblemError(
    'range_not_satisfiable',
    `The object has ${refusal.unsatisfiableSizeBytes} bytes.`,
    {},
    {
      ...CORS_HEADERS,
      'content-range': `bytes */${refusal.unsatisfiableSizeBytes}`,
    },
  );
}

/** Returns the routes of the media gateway. It knows tokens, keys, the cache and the bucket, and nothing else. */
export function mediaApp(keysOf: (env: Env) => MediaKeys) {
  const app = featureApp();
  // Its middleware runs nowhere, for the route is written by hand below, and does not belong into the document.
  const { middleware: _, ...documented } = mediaRoute as typeof mediaRoute & { middleware?: unknown };
  app.openAPIRegistry.registerPath(documented);
  app.options('/media/*', () => new Response(null, { status: 204, headers: PREFLIGHT_HEADERS }));
  // Hono answers HEAD through the GET handler. Written by hand: `path` spans several segments.
  app.get('/media/*', async (c) => {
    const { pathname, origin } = new URL(c.req.url);
    const result = await serveMedia(c.req.raw, pathname, {
      keys: keysOf(c.env),
      cache: edgeCache(origin),
      readObject: (key) => c.env.MEDIA.get(key),
      objectKey: hlsKey,
      waitUntil: (promise) => c.executionCtx.waitUntil(promise),
    });
    return result instanceof Response ? result : refuse(result);
  });
  return app;
}
