import { z } from '@hono/zod-openapi';
import type { Env } from '../../platform/env.ts';
import { logError } from '../../platform/log.ts';
import { defineRoute, featureApp, jsonBody } from '../../platform/route.ts';

const liveRoute = defineRoute({
  method: 'get',
  path: '/healthz',
  limit: 'none',
  summary: 'Whether the Worker runs',
  tags: ['Operator'],
  auth: 'public',
  errors: [],
  responses: { 200: jsonBody(z.object({ status: z.literal('ok') }), 'It runs') },
});

const partSchema = z.enum(['ok', 'failing']);
const readinessSchema = z.object({
  status: z.enum(['ready', 'not_ready']),
  parts: z.object({ database: partSchema, bucket: partSchema, transcoder: partSchema }),
});

const readyRoute = defineRoute({
  method: 'get',
  path: '/readyz',
  limit: 'none',
  summary: 'Whether the database, the bucket and the transcoder answer',
  tags: ['Operator'],
  auth: 'public',
  errors: [],
  responses: {
    200: jsonBody(readinessSchema, 'Everything answers'),
    503: jsonBody(readinessSchema, 'Something does not; the log says why'),
  },
});

/** Checks one part each; a check throws when its part does not answer. */
export interface HealthChecks {
  database(): Promise<unknown>;
  bucket(): Promise<unknown>;
  transcoder(): Promise<unknown>;
}

async function check(name: string, run: () => Promise<unknown>): Promise<'ok' | 'failing'> {
  try {
    await run();
    return 'ok';
  } catch (error) {
    logError('readiness', error, { part: name });
    return 'failing';
  }
}

/** Returns the routes that tell whether this installation lives and is ready. */
export function healthApp(checks: (env: Env) => HealthChecks) {
  return featureApp()
    .openapi(liveRoute, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(readyRoute, async (c) => {
      const { database, bucket, transcoder } = checks(c.env);
      const [isDatabase, isBucket, isTranscoder] = await Promise.all([
        check('database', database),
        check('bucket', bucket),
        check('transcoder', transcoder),
      ]);
      const parts = { database: isDatabase, bucket: isBucket, transcoder: isTranscoder };
      const isReady = Object.values(parts).every((part) => part === 'ok');
      return isReady
        ? c.json({ status: 'ready' as const, parts }, 200)
        : c.json({ status: 'not_ready' as const, parts }, 503);
    });
}
