import { requirePrincipal } from '../../platform/auth/guard.ts';
import type { Env } from '../../platform/env.ts';
import { notFound } from '../../platform/errors.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../platform/route.ts';
import type { EventRow } from './chain.ts';
import {
  allEventsQuerySchema,
  checkQuerySchema,
  checkSchema,
  eventPageQuerySchema,
  eventSchema,
  ownEventSchema,
} from './schemas.ts';
import type { AuditStore } from './store.ts';

const mineRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/security-events',
  summary: 'What happened to my account, newest first',
  tags: ['Account'],
  auth: 'session',
  errors: [],
  request: { query: eventPageQuerySchema },
  responses: { 200: jsonBody(pageOf(ownEventSchema), 'A page of events') },
});

const allRoute = defineRoute({
  method: 'get',
  path: '/api/v1/security-events',
  summary: 'What happened to everyone’s accounts, or to somebody’s, newest first',
  tags: ['Operator'],
  auth: 'audit:read',
  errors: ['not_found'],
  request: { query: allEventsQuerySchema },
  responses: { 200: jsonBody(pageOf(eventSchema), 'A page of events') },
});

const checkRoute = defineRoute({
  method: 'get',
  path: '/api/v1/security-events/verify',
  summary: 'Check a stretch of the chain of events',
  description:
    'Recomputes every hash of up to a thousand events. Follow `nextAfter` to the end; compare `head` with the log’s line about that event, since events cut off at the end leave no break.',
  tags: ['Operator'],
  auth: 'audit:read',
  errors: [],
  request: { query: checkQuerySchema },
  responses: { 200: jsonBody(checkSchema, 'What was found') },
});

/** Returns the form in which an event is shown to whom it is about. */
export function presentOwn(row: EventRow, selfId: string) {
  return {
    eventId: row.seq,
    at: new Date(row.atMs).toISOString(),
    event: row.event,
    byMe: row.actorId === selfId,
    network: row.network,
    device: row.device,
    details: JSON.parse(row.details) as Record<string, string | number>,
  };
}

function present(row: EventRow, handles: ReadonlyMap<string, string>) {
  const handleOf = (id: string | null) => (id === null ? null : (handles.get(id) ?? null));
  return {
    eventId: row.seq,
    at: new Date(row.atMs).toISOString(),
    event: row.event,
    actorId: row.actorId,
    actorHandle: handleOf(row.actorId),
    subjectId: row.subjectId,
    subjectHandle: handleOf(row.subjectId),
    network: row.network,
    device: row.device,
    details: JSON.parse(row.details) as Record<string, string | number>,
    previousHash: row.previousHash,
    hash: row.hash,
  };
}

function pageFrom<T>(rows: EventRow[], limit: number, one: (row: EventRow) => T) {
  const page = rows.slice(0, limit);
  return { items: page.map(one), nextCursor: rows.length > limit ? String(page.at(-1)?.seq) : null };
}

/** What the audit log's routes need. */
export interface AuditDeps {
  store: AuditStore;
  people: {
    findIdByHandle(handle: string): Promise<string | null>;
    /** Returns the handles of those of `ids` (any number) who have an account. */
    handlesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  };
}

/** Returns the routes of the audit log. Nothing can be written through them. */
export function auditApp(deps: (env: Env) => AuditDeps) {
  return featureApp()
    .openapi(mineRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      const { cursor, limit } = c.req.valid('query');
      const of = { subjectId: id, limit, ...(cursor === undefined ? {} : { before: cursor }) };
      const rows = await deps(c.env).store.list(of);
      return c.json(
        pageFrom(rows, limit, (row) => presentOwn(row, id)),
        200,
      );
    })
    .openapi(allRoute, async (c) => {
      const { store, people } = deps(c.env);
      const { cursor, limit, handle } = c.req.valid('query');
      const subjectId = handle === undefined ? undefined : await people.findIdByHandle(handle);
      if (subjectId === null) throw notFound('Nobody has this handle.');
      const rows = await store.list({
        limit,
        ...(subjectId === undefined ? {} : { subjectId }),
        ...(cursor === undefined ? {} : { before: cursor }),
      });
      const ids = rows.flatMap((row) => [row.actorId, row.subjectId]).filter((id) => id !== null);
      const handles = await people.handlesOf(ids);
      return c.json(
        pageFrom(rows, limit, (row) => present(row, handles)),
        200,
      );
    })
    .openapi(checkRoute, async (c) => {
      const { brokenAt, ...rest } = await deps(c.env).store.check(c.req.valid('query').after);
      return c.json({ isIntact: brokenAt === null, brokenAt, ...rest }, 200);
    });
}
