import { z } from '@hono/zod-openapi';
import type { Env } from '../../platform/env.ts';
import { notFound } from '../../platform/errors.ts';
import { defineRoute, featureApp, jsonBody, pageOf, pageQuerySchema } from '../../platform/route.ts';
import type { DeadLetterRow, DeadLetterStore } from './dead-letters.ts';
import { type TrackPort, uploadOf } from './ports.ts';
import type { TranscodeStore } from './store.ts';

const deadLetterSchema = z
  .object({
    deadLetterId: z.string(),
    transcodeId: z.string().nullable(),
    reason: z.string(),
    body: z.string(),
    receivedAt: z.iso.datetime(),
  })
  .openapi('DeadLetter');

const paramsSchema = z.object({ deadLetterId: z.string().min(1).max(100) });

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/operator/dead-letters',
  summary: 'Transcodes and messages that were given up',
  tags: ['Operator'],
  auth: 'jobs:manage',
  errors: [],
  request: { query: pageQuerySchema },
  responses: { 200: jsonBody(pageOf(deadLetterSchema), 'A page of open dead letters') },
});

const retryRoute = defineRoute({
  method: 'post',
  path: '/api/v1/operator/dead-letters/{deadLetterId}/retry',
  summary: 'Try a given-up transcode again, with all its attempts',
  tags: ['Operator'],
  auth: 'jobs:manage',
  errors: ['not_found'],
  request: { params: paramsSchema },
  responses: { 202: jsonBody(z.object({ transcodeId: z.string() }), 'It is queued again') },
});

const dropRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/operator/dead-letters/{deadLetterId}',
  summary: 'Put a dead letter aside',
  tags: ['Operator'],
  auth: 'jobs:manage',
  errors: ['not_found'],
  request: { params: paramsSchema },
  responses: { 204: { description: 'It is no longer listed' } },
});

/** What the operator's routes need. */
export interface OperatorDeps {
  letters: DeadLetterStore;
  store: TranscodeStore;
  tracks: Pick<TrackPort, 'markQueued'>;
  sendHint(transcodeId: string, delaySeconds: number): Promise<void>;
}

function present(row: DeadLetterRow) {
  return {
    deadLetterId: row.id,
    transcodeId: row.transcodeId,
    reason: row.reason,
    body: row.body,
    receivedAt: new Date(row.receivedAtMs).toISOString(),
  };
}

/** Returns the routes with which an operator looks at, retries and drops what was given up. */
export function transcodesApp(deps: (env: Env) => OperatorDeps) {
  async function open(letters: DeadLetterStore, id: string): Promise<DeadLetterRow> {
    const letter = await letters.find(id);
    if (letter?.state !== 'open') throw notFound('There is no open dead letter of this id.');
    return letter;
  }

  return featureApp()
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const rows = await deps(c.env).letters.listOpen(cursor, limit);
      const items = rows.slice(0, limit).map(present);
      const nextCursor = rows.length > limit ? (items.at(-1)?.deadLetterId ?? null) : null;
      return c.json({ items, nextCursor }, 200);
    })
    .openapi(retryRoute, async (c) => {
      const { letters, store, tracks, sendHint } = deps(c.env);
      const letter = await open(letters, c.req.valid('param').deadLetterId);
      if (letter.transcodeId === null)
        throw notFound('This message names no transcode; it can only be dropped.');
      const { transcodeId } = letter;
      const row = await store.find(transcodeId);
      if (row === null) throw notFound('The transcode of this letter is gone.');
      const revived = await store.revive(transcodeId, Date.now(), (guard) => [
        letters.markRetried(letter.id, guard),
        tracks.markQueued(row.trackId, uploadOf(row.id), guard),
      ]);
      if (!revived) throw notFound('This transcode is no longer dead.');
      await sendHint(transcodeId, 0);
      return c.json({ transcodeId }, 202);
    })
    .openapi(dropRoute, async (c) => {
      const { letters } = deps(c.env);
      const letter = await open(letters, c.req.valid('param').deadLetterId);
      await letters.drop(letter.id);
      return c.body(null, 204);
    });
}
