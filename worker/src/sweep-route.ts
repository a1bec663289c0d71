import { z } from '@hono/zod-openapi';
import { defineRoute, featureApp, jsonBody } from './platform/route.ts';
import { servicesOf } from './services.ts';
import { sweep } from './sweep.ts';

const sweepRoute = defineRoute({
  method: 'post',
  path: '/api/v1/operator/sweep',
  summary: 'Run the sweep now instead of waiting for the cron trigger',
  tags: ['Operator'],
  auth: 'jobs:manage',
  errors: [],
  responses: {
    200: jsonBody(
      z.object({
        lapsedClaims: z.int(),
        lostMessages: z.int(),
        orphanedVersions: z.int(),
        publishedReleases: z.int(),
        clearedTracks: z.int(),
        droppedVersions: z.int(),
        expiredUploads: z.int(),
        expiredSignIns: z.int(),
        lapsedMails: z.int(),
        lostMailMessages: z.int(),
        removedMails: z.int(),
      }),
      'What it did',
    ),
  },
});

/** Returns the route that runs the sweep of every feature. */
export function sweepApp() {
  return featureApp().openapi(sweepRoute, async (c) =>
    c.json(await sweep(servicesOf(c.env), Date.now()), 200),
  );
}
