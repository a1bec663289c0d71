import { z } from '@hono/zod-openapi';
import { requirePrincipal } from '../../platform/auth/guard.ts';
import type { Env } from '../../platform/env.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../platform/route.ts';
import { partCount } from './policy.ts';
import {
  completedSchema,
  createdUploadSchema,
  createUploadSchema,
  listQuerySchema,
  partParamsSchema,
  partSchema,
  uploadParamsSchema,
  uploadSchema,
} from './schemas.ts';
import {
  cancelUpload,
  completeUpload,
  createUpload,
  findOwned,
  presentUpload,
  putPart,
  type UploadDeps,
} from './service.ts';

const createRoute = defineRoute({
  method: 'post',
  path: '/api/v1/uploads',
  summary: 'Open an upload',
  limit: 'uploads',
  description: 'Answers which parts to send. The bytes go to the parts; `complete` puts them together.',
  tags: ['Uploads'],
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'too_many_tracks', 'replacement_running'],
  request: { body: { required: true, content: { 'application/json': { schema: createUploadSchema } } } },
  responses: { 201: jsonBody(createdUploadSchema, 'The upload is open') },
});

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/uploads',
  summary: 'My uploads, newest first',
  tags: ['Uploads'],
  auth: 'library:read',
  errors: [],
  request: { query: listQuerySchema },
  responses: { 200: jsonBody(pageOf(uploadSchema), 'A page of uploads') },
});

const readRoute = defineRoute({
  method: 'get',
  path: '/api/v1/uploads/{uploadId}',
  summary: 'One upload and the parts that have arrived',
  tags: ['Uploads'],
  auth: 'library:read',
  errors: ['not_found'],
  request: { params: uploadParamsSchema },
  responses: { 200: jsonBody(uploadSchema, 'The upload') },
});

const putPartRoute = defineRoute({
  method: 'put',
  path: '/api/v1/uploads/{uploadId}/parts/{number}',
  summary: 'Send one part',
  limit: 'upload_parts',
  description: 'Raw bytes, `partSizeBytes` each but the last. Repeatable, in any order, in parallel.',
  tags: ['Uploads'],
  auth: 'tracks:upload',
  errors: ['not_found', 'length_required', 'part_size_mismatch', 'upload_closed', 'upload_expired'],
  request: {
    params: partParamsSchema,
    body: {
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
  responses: { 200: jsonBody(partSchema, 'The part is stored') },
});

const completeRoute = defineRoute({
  method: 'post',
  path: '/api/v1/uploads/{uploadId}/complete',
  summary: 'Put the parts together and start the transcode',
  description: 'Repeatable: the answer stays the same.',
  tags: ['Uploads'],
  auth: 'tracks:upload',
  errors: [
    'not_found',
    'upload_incomplete',
    'upload_parts_changed',
    'upload_closed',
    'size_mismatch',
    'checksum_mismatch',
    'unsupported_format',
  ],
  request: { params: uploadParamsSchema },
  responses: { 202: jsonBody(completedSchema, 'The original is safe and waits to be transcoded') },
});

const cancelRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/uploads/{uploadId}',
  summary: 'Give an unfinished upload up',
  tags: ['Uploads'],
  auth: 'tracks:upload',
  errors: ['not_found', 'upload_closed'],
  request: { params: uploadParamsSchema },
  responses: { 204: { description: 'It is gone' } },
});

/** Returns the routes of uploads. */
export function uploadsApp(deps: (env: Env) => UploadDeps) {
  return featureApp()
    .openapi(createRoute, async (c) => {
      const row = await createUpload(deps(c.env), requirePrincipal(c.var.principal), c.req.valid('json'));
      const answer = {
        uploadId: row.id,
        trackId: row.trackId,
        partSizeBytes: row.partSizeBytes,
        partCount: partCount(row.sizeBytes),
        expiresAt: new Date(row.expiresAtMs).toISOString(),
      };
      return c.json(answer, 201);
    })
    .openapi(listRoute, async (c) => {
      const { store } = deps(c.env);
      const query = c.req.valid('query');
      const rows = await store.list(requirePrincipal(c.var.principal).id, query);
      const page = rows.slice(0, query.limit);
      const parts = await store.partNumbers(page.map(({ id }) => id));
      const items = page.map((row) => presentUpload(row, parts.get(row.id) ?? []));
      return c.json({ items, nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null }, 200);
    })
    .openapi(readRoute, async (c) => {
      const { store } = deps(c.env);
      const row = await findOwned(store, requirePrincipal(c.var.principal), c.req.valid('param').uploadId);
      const parts = await store.partNumbers([row.id]);
      return c.json(presentUpload(row, parts.get(row.id) ?? []), 200);
    })
    .openapi(putPartRoute, async (c) => {
      const own = deps(c.env);
      const { uploadId, number } = c.req.valid('param');
      const row = await findOwned(own.store, requirePrincipal(c.var.principal), uploadId);
      const etag = await putPart(own, row, number, c.req.raw.body, c.req.header('content-length'));
      // Uploader libraries read the etag from the header, as S3 gives it.
      return c.json({ number, etag }, 200, { etag: `"${etag}"` });
    })
    .openapi(completeRoute, async (c) => {
      const own = deps(c.env);
      const row = await findOwned(
        own.store,
        requirePrincipal(c.var.principal),
        c.req.valid('param').uploadId,
      );
      return c.json(await completeUpload(own, row), 202);
    })
    .openapi(cancelRoute, async (c) => {
      const own = deps(c.env);
      const row = await findOwned(
        own.store,
        requirePrincipal(c.var.principal),
        c.req.valid('param').uploadId,
      );
      await cancelUpload(own, row);
      return c.body(null, 204);
    });
}
