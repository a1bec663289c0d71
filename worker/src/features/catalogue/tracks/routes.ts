import { z } from '@hono/zod-openapi';
import { WAVEFORM_PATH, waveformSchema } from '@melro/transcoder/contract';
import { requirePrincipal } from '../../../platform/auth/guard.ts';
import { cutPage, positionCursorSchema, positionOf } from '../../../platform/cursor.ts';
import type { Env } from '../../../platform/env.ts';
import { notFound } from '../../../platform/errors.ts';
import { idPattern } from '../../../platform/ids.ts';
import { hlsKey } from '../../../platform/r2-keys.ts';
import { defineRoute, featureApp, jsonBody, pageOf, pageQuerySchema } from '../../../platform/route.ts';
import { trackEvents } from './events.ts';
import { presentTrack, type TrackRow } from './present.ts';
import { artworkParamsSchema, trackIdSchema, trackParamsSchema, trackSchema } from './schemas.ts';
import type { SeenTrack, TrackStore } from './store.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks',
  summary: 'Published tracks, newest first',
  tags: ['Tracks'],
  auth: 'public',
  errors: [],
  request: { query: pageQuerySchema.extend({ cursor: positionCursorSchema }) },
  responses: { 200: jsonBody(pageOf(trackSchema), 'A page of tracks') },
});

const listMineRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/tracks',
  summary: 'My tracks in every state, newest first',
  tags: ['Tracks'],
  auth: 'library:read',
  errors: [],
  request: { query: pageQuerySchema.extend({ cursor: trackIdSchema.optional() }) },
  responses: { 200: jsonBody(pageOf(trackSchema), 'A page of my tracks') },
});

const eventsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}/events',
  summary: 'State and progress of a track as they change',
  description:
    'Server-Sent Events named `track`, each with a whole Track as its data. The stream ends after `ready` or `failed`.',
  tags: ['Tracks'],
  auth: 'public',
  errors: ['not_found'],
  request: { params: trackParamsSchema },
  responses: {
    200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } },
  },
});

const versionQuery = z.object({ v: z.string().regex(idPattern('ver')).optional() });

const waveformRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}/waveform',
  summary: 'Peaks to draw a track with',
  tags: ['Tracks'],
  auth: 'public',
  errors: ['not_found'],
  request: { params: trackParamsSchema, query: versionQuery },
  responses: { 200: jsonBody(waveformSchema, 'About 1,000 peaks, 0 to 255') },
});

const artworkRoute = defineRoute({
  method: 'get',
  path: '/api/v1/tracks/{trackId}/artwork/{sizePx}',
  summary: 'The cover of a track, 64, 300 or 640 pixels square',
  tags: ['Tracks'],
  auth: 'public',
  errors: ['not_found'],
  request: { params: artworkParamsSchema, query: versionQuery },
  responses: {
    200: {
      description: 'The picture',
      content: { 'image/webp': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
});

/** What the tracks routes need. */
export interface TracksDeps {
  store: TrackStore;
  media: R2Bucket;
}

/** Returns the routes of tracks. */
export function tracksApp(deps: (env: Env) => TracksDeps) {
  async function visible(
    store: TrackStore,
    trackId: string,
    viewerId: string | undefined,
  ): Promise<SeenTrack> {
    const seen = await store.findFor(trackId, viewerId ?? null);
    if (seen === null) throw notFound();
    return seen;
  }

  /** Whoever was told a version may see what was drawn of it, also a release's cover that came with an older one. */
  async function publishedObject(
    { store, media }: TracksDeps,
    { trackId, v }: { trackId: string; v: string | undefined },
    path: string,
    contentType: string,
  ): Promise<Response> {
    const row = v === undefined ? await store.find(trackId) : null;
    const version = v ?? (row?.listedAtMs == null ? null : row.version);
    const object = version === null ? null : await media.get(hlsKey(trackId, version, path));
    if (object === null) throw notFound();
    return new Response(object.body, {
      headers: {
        'content-type': contentType,
        'content-length': String(object.size),
        etag: object.httpEtag,
        'cache-control': FOR_EVER,
        'x-content-type-options': 'nosniff',
      },
    });
  }

  function pageOfMine(rows: TrackRow[], limit: number) {
    const items = rows.slice(0, limit);
    return {
      items: items.map((row) => presentTrack(row, true)),
      nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null,
    };
  }

  return featureApp()
    .openapi(listRoute, async (c) => {
      const query = c.req.valid('query');
      const found = await deps(c.env).store.listPublished(positionOf(query.cursor), query.limit);
      const { rows, nextCursor } = cutPage(found, query.limit, (row) => [row.listedAtMs ?? 0, row.id]);
      return c.json({ items: rows.map((row) => presentTrack(row, false)), nextCursor }, 200);
    })
    .openapi(listMineRoute, async (c) => {
      const query = c.req.valid('query');
      const { id } = requirePrincipal(c.var.principal);
      return c.json(pageOfMine(await deps(c.env).store.listOwned(id, query), query.limit), 200);
    })
    .openapi(eventsRoute, async (c) => {
      const { store } = deps(c.env);
      const { row, isOwn } = await visible(store, c.req.valid('param').trackId, c.var.principal?.id);
      return trackEvents(c.req.raw.signal, row, () => store.find(row.id), isOwn);
    })
    .openapi(
      waveformRoute,
      (c) =>
        publishedObject(
          deps(c.env),
          { trackId: c.req.valid('param').trackId, v: c.req.valid('query').v },
          WAVEFORM_PATH,
          'application/json',
        ) as never,
    )
    .openapi(artworkRoute, (c) => {
      const { trackId, sizePx } = c.req.valid('param');
      return publishedObject(
        deps(c.env),
        { trackId, v: c.req.valid('query').v },
        `artwork/${sizePx}.webp`,
        'image/webp',
      );
    });
}
