import { z } from '@hono/zod-openapi';
import { requirePrincipal, requireRecentSignIn } from '../../platform/auth/guard.ts';
import type { Principal } from '../../platform/auth/principal.ts';
import type { Env } from '../../platform/env.ts';
import { notFound, ProblemError } from '../../platform/errors.ts';
import { logError } from '../../platform/log.ts';
import { defineRoute, featureApp, jsonBody } from '../../platform/route.ts';
import { cancelByLink, cancelDeletion, type DeletionDeps, requestDeletion } from './deletion.ts';
import type { People, Person } from './ports.ts';
import { EXPORT_LINK } from './run-export.ts';
import {
  cancellationSchema,
  deletionSchema,
  downloadParamsSchema,
  downloadQuerySchema,
  exportStateSchema,
  requestDeletionSchema,
} from './schemas.ts';
import { archivesOf, type ExportRow, type ExportStore } from './store.ts';

/** What the routes need. */
export interface MyDataDeps extends DeletionDeps {
  store: ExportStore;
  media: R2Bucket;
  sendHint(exportId: string, delaySeconds: number): Promise<void>;
}

const json = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

const requestExportRoute = defineRoute({
  method: 'post',
  path: '/api/v1/me/export',
  summary: 'Have a copy of my data made',
  description:
    'Everything that is kept of me as JSON, and my originals, in ZIP archives. Made in the background; a mail tells when it is ready. Needs a recent sign-in.',
  tags: ['My data'],
  auth: 'session',
  limit: 'exports',
  errors: ['no_account', 'recent_sign_in_required', 'export_running'],
  responses: { 202: jsonBody(exportStateSchema, 'It is being made') },
});

const exportRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/export',
  summary: 'How far the copy of my data is',
  tags: ['My data'],
  auth: 'session',
  errors: ['no_account'],
  responses: { 200: jsonBody(exportStateSchema, 'The newest copy, if there is one') },
});

const downloadRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/export/{exportId}/download',
  summary: 'Fetch an archive of the copy of my data',
  description: 'Takes both: being signed in as its owner, and the token of the link in the mail.',
  tags: ['My data'],
  auth: 'session',
  errors: ['not_found', 'token_invalid', 'no_account'],
  request: { params: downloadParamsSchema, query: downloadQuerySchema },
  responses: {
    200: { description: 'The archive', content: { 'application/zip': { schema: z.string() } } },
  },
});

const requestDeletionRoute = defineRoute({
  method: 'post',
  path: '/api/v1/me/deletion',
  summary: 'Delete my account',
  description:
    'After fourteen days everything of mine is gone; until then I can sign in and keep it. At once all sessions, keys and tokens end. Needs a recent sign-in.',
  tags: ['My data'],
  auth: 'session',
  errors: ['no_account', 'malformed_json', 'recent_sign_in_required', 'confirmation_mismatch', 'last_admin'],
  request: json(requestDeletionSchema),
  responses: { 202: jsonBody(deletionSchema, 'It will be deleted') },
});

const deletionRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/deletion',
  summary: 'Whether my account is to be deleted',
  tags: ['My data'],
  auth: 'session',
  whileLeaving: true,
  errors: ['no_account'],
  responses: { 200: jsonBody(deletionSchema, 'When') },
});

const cancelDeletionRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/deletion',
  summary: 'Keep my account',
  tags: ['My data'],
  auth: 'session',
  whileLeaving: true,
  errors: ['no_account', 'deletion_begun'],
  responses: { 204: { description: 'It stays' } },
});

const cancelByLinkRoute = defineRoute({
  method: 'post',
  path: '/api/v1/deletion-cancellations',
  summary: 'Keep my account, with the link in the mail',
  tags: ['My data'],
  auth: 'public',
  errors: ['malformed_json', 'token_invalid', 'deletion_begun'],
  request: json(cancellationSchema),
  responses: { 204: { description: 'It stays' } },
});

const STATES = { queued: 'waiting', running: 'running', ready: 'ready', failed: 'failed' } as const;

function present(row: ExportRow | null) {
  if (row === null) return { export: null };
  return {
    export: {
      exportId: row.id,
      state: STATES[row.state],
      archives: archivesOf(row).map(({ sizeBytes }, index) => ({ number: index + 1, sizeBytes })),
      createdAt: new Date(row.createdAtMs).toISOString(),
      expiresAt: row.state === 'ready' ? new Date(row.dueAtMs).toISOString() : null,
    },
  };
}

async function personOf(people: People, principal: Principal | null): Promise<Person> {
  const person = await people.find(requirePrincipal(principal).id);
  if (person === null) throw new ProblemError('no_account', 'Whoever this is has no account here.');
  return person;
}

/** Returns the routes by which people take their data with them and leave. */
export function myDataApp(deps: (env: Env) => MyDataDeps) {
  return featureApp()
    .openapi(requestExportRoute, async (c) => {
      const { store, people, record, sendHint } = deps(c.env);
      const { id } = await personOf(people, c.var.principal);
      requireRecentSignIn(c.var.principal);
      const row = await store.create(id, Date.now());
      if (row === null)
        throw new ProblemError('export_running', 'A copy is being made already. A mail will tell.');
      // The row is there; without the hint the sweep finds it a minute later.
      await sendHint(row.id, 0).catch((error) => logError('export hint', error, { exportId: row.id }));
      await record({ event: 'export_requested', actorId: id, subjectId: id, request: c.req.raw });
      return c.json(present(row), 202);
    })
    .openapi(exportRoute, async (c) => {
      const { store, people } = deps(c.env);
      const { id } = await personOf(people, c.var.principal);
      return c.json(present(await store.latest(id)), 200);
    })
    .openapi(downloadRoute, async (c) => {
      const { store, people, links, media } = deps(c.env);
      const { exportId } = c.req.valid('param');
      const { archive: number, token } = c.req.valid('query');
      const row = await store.find(exportId);
      const isTheirs = row !== null && row.userId === requirePrincipal(c.var.principal).id;
      if (!isTheirs || row.state !== 'ready' || row.dueAtMs <= Date.now()) throw notFound();
      if (!(await links.verify(EXPORT_LINK, exportId, token))) {
        throw new ProblemError('token_invalid', 'Open the link in the mail that told you of this copy.');
      }
      const { handle } = await personOf(people, c.var.principal);
      const archives = archivesOf(row);
      const archive = archives[number - 1];
      const object = archive === undefined ? null : await media.get(archive.key);
      if (object === null) throw notFound();
      const day = new Date(row.createdAtMs).toISOString().slice(0, 10);
      const suffix = archives.length === 1 ? '' : `-${number}-of-${archives.length}`;
      return new Response(object.body, {
        headers: {
          'content-type': 'application/zip',
          'content-length': String(object.size),
          'content-disposition': `attachment; filename="melro-${handle}-${day}${suffix}.zip"`,
          'cache-control': 'no-store',
        },
      });
    })
    .openapi(requestDeletionRoute, async (c) => {
      const own = deps(c.env);
      const person = await personOf(own.people, c.var.principal);
      requireRecentSignIn(c.var.principal);
      const deletesAt = await requestDeletion(own, person, c.req.valid('json').handle, c.req.raw);
      return c.json({ deletesAt: deletesAt.toISOString() }, 202);
    })
    .openapi(deletionRoute, async (c) => {
      const { deletesAt } = await personOf(deps(c.env).people, c.var.principal);
      return c.json({ deletesAt: deletesAt?.toISOString() ?? null }, 200);
    })
    .openapi(cancelDeletionRoute, async (c) => {
      const own = deps(c.env);
      const { id } = await personOf(own.people, c.var.principal);
      await cancelDeletion(own, id, c.req.raw);
      return c.body(null, 204);
    })
    .openapi(cancelByLinkRoute, async (c) => {
      await cancelByLink(deps(c.env), c.req.valid('json').token, c.req.raw);
      return c.body(null, 204);
    });
}
