import { z } from '@hono/zod-openapi';
import { requirePrincipal } from '../../platform/auth/guard.ts';
import { ROLES } from '../../platform/auth/permissions.ts';
import type { Env } from '../../platform/env.ts';
import { notFound, ProblemError, problemResponse } from '../../platform/errors.ts';
import { idPattern } from '../../platform/ids.ts';
import { defineRoute, featureApp, jsonBody } from '../../platform/route.ts';
import type { RecordSecurityEvent } from '../../platform/security-events.ts';
import type { Auth } from './auth.ts';
import { problemOf, withoutTokens } from './auth-answers.ts';
import { type ChallengeDeps, challenge } from './challenge.ts';
import { normalizeHandle } from './handles.ts';
import { refuseWhileLeaving } from './leaving.ts';
import { AUTH_PATH } from './paths.ts';
import { accountOf } from './people.ts';
import { presentMe, presentProfile } from './present-person.ts';
import { type ProfilesDeps, profilesApp } from './profile-routes.ts';
import { changeRoleSchema, meSchema, profileSchema, sessionSchema } from './schemas.ts';
import { type SignInOptionsDeps, signInOptionsApp } from './sign-in-options-routes.ts';
import type { SessionRow } from './store.ts';
import { type ApiKeysDeps, apiKeysApp } from './tokens/api-key-routes.ts';
import { type AppsDeps, appsApp } from './tokens/app-routes.ts';
import { METADATA_PATHS, protocolAnswer } from './tokens/oauth-answers.ts';

/** What the routes of accounts need. */
export interface AccountsDeps extends ApiKeysDeps, AppsDeps, SignInOptionsDeps, ChallengeDeps, ProfilesDeps {
  /** Made when it is first asked for: most requests of an isolate never do. */
  auth(): Auth;
  isProduction: boolean;
  record: RecordSecurityEvent;
}

const meRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me',
  summary: 'Who I am here and what I may do',
  tags: ['Account'],
  auth: 'account:read',
  whileLeaving: true,
  errors: ['no_account'],
  responses: { 200: jsonBody(meSchema, 'My account') },
});

const artistRoute = defineRoute({
  method: 'post',
  path: '/api/v1/me/artist',
  summary: 'Become an artist, who may upload',
  description: 'Anyone may. Repeatable: who is an artist or more stays what they are.',
  tags: ['Account'],
  auth: 'session',
  errors: ['no_account'],
  responses: { 200: jsonBody(meSchema, 'My account as it is now') },
});

const sessionsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/sessions',
  summary: 'Where I am signed in',
  tags: ['Account'],
  auth: 'session',
  errors: ['no_account'],
  responses: { 200: jsonBody(z.object({ items: z.array(sessionSchema) }), 'Sessions, newest first') },
});

const endSessionRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/sessions/{sessionId}',
  summary: 'End one session',
  tags: ['Account'],
  auth: 'session',
  errors: ['not_found', 'no_account'],
  request: { params: z.object({ sessionId: z.string().regex(idPattern('sgn')) }) },
  responses: { 204: { description: 'It is ended' } },
});

const endOthersRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/sessions',
  summary: 'End every session but this one',
  tags: ['Account'],
  auth: 'session',
  errors: ['no_account'],
  responses: { 200: jsonBody(z.object({ ended: z.int() }), 'How many were ended') },
});

const roleRoute = defineRoute({
  method: 'patch',
  path: '/api/v1/people/{handle}',
  summary: 'Give somebody another role',
  description: 'Counts from their next request on. The last admin stays one.',
  tags: ['People'],
  auth: 'accounts:manage',
  errors: ['not_found', 'malformed_json', 'last_admin'],
  request: {
    params: z.object({ handle: z.string().min(1).max(100) }),
    body: { required: true, content: { 'application/json': { schema: changeRoleSchema } } },
  },
  responses: { 200: jsonBody(profileSchema.extend({ role: z.enum(ROLES) }), 'Who they are now') },
});

const endTheirsRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/people/{handle}/sessions',
  summary: 'End every session of somebody',
  description: 'They sign in again to go on; keys and apps of theirs stay.',
  tags: ['People'],
  auth: 'accounts:manage',
  errors: ['not_found'],
  request: { params: z.object({ handle: z.string().min(1).max(100) }) },
  responses: { 200: jsonBody(z.object({ ended: z.int() }), 'How many were ended') },
});

function presentSession(row: SessionRow, currentId: string | null) {
  return {
    sessionId: row.id,
    isCurrent: row.id === currentId,
    userAgent: row.userAgent,
    city: row.city,
    country: row.country,
    network: row.ipAddress,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.updatedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

/** Returns the routes of accounts; better-auth's own flows are below `/api/auth`. */
export function accountsApp(deps: (env: Env) => AccountsDeps) {
  const app = featureApp();
  // What is somebody's own is kept by no cache, on their device or on the way.
  app.use('/api/v1/me/*', async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  app.use(`${AUTH_PATH}/*`, refuseWhileLeaving());
  for (const path of ['/sign-in/email', '/sign-up/email', '/request-password-reset']) {
    app.use(`${AUTH_PATH}${path}`, challenge(deps));
  }
  app.on(['GET', 'POST'], `${AUTH_PATH}/*`, async (c) => {
    const { auth, isProduction } = deps(c.env);
    c.set('routePattern', auth().patternOf(c.req.path));
    // Miniflare makes a place up, and nobody should wonder who was in Austin.
    const request = isProduction ? c.req.raw : new Request(c.req.raw, { cf: {} });
    const response = await auth().handle(request);
    const protocol = await protocolAnswer(c.req.path, response);
    if (protocol !== null) return protocol;
    if (response.status < 400) return withoutTokens(response);
    const problem = problemResponse(await problemOf(response, isProduction), c.var.requestId);
    for (const cookie of response.headers.getSetCookie()) problem.headers.append('set-cookie', cookie);
    return problem;
  });
  app.on(['GET'], [...METADATA_PATHS], async (c) => {
    const response = await deps(c.env).auth().handle(c.req.raw);
    return (await protocolAnswer(c.req.path, response)) ?? response;
  });
  return app
    .route('/', apiKeysApp(deps))
    .route('/', appsApp(deps))
    .route('/', signInOptionsApp(deps))
    .route('/', profilesApp(deps))
    .openapi(meRoute, async (c) =>
      c.json(
        presentMe(await accountOf(deps(c.env).store, c.var.principal), c.var.principal?.permissions),
        200,
      ),
    )
    .openapi(artistRoute, async (c) => {
      const { store, record } = deps(c.env);
      const { id, role } = await accountOf(store, c.var.principal);
      const row = await store.becomeArtist(id, new Date());
      if (row === null) throw notFound();
      if (row.role !== role) {
        const what = { event: 'role_changed', actorId: id, subjectId: id } as const;
        await record({ ...what, details: { role: row.role }, request: c.req.raw });
      }
      return c.json(presentMe(row), 200);
    })
    .openapi(sessionsRoute, async (c) => {
      const { store } = deps(c.env);
      const { id } = await accountOf(store, c.var.principal);
      const currentId = c.var.principal?.sessionId ?? null;
      const rows = await store.listSessions(id, new Date());
      return c.json({ items: rows.map((row) => presentSession(row, currentId)) }, 200);
    })
    .openapi(endSessionRoute, async (c) => {
      const { store } = deps(c.env);
      const { id } = requirePrincipal(c.var.principal);
      if (!(await store.endSession(id, c.req.valid('param').sessionId))) throw notFound();
      return c.body(null, 204);
    })
    .openapi(endOthersRoute, async (c) => {
      const { store } = deps(c.env);
      const { id } = await accountOf(store, c.var.principal);
      const ended = await store.endOtherSessions(id, c.var.principal?.sessionId ?? null);
      return c.json({ ended }, 200);
    })
    .openapi(endTheirsRoute, async (c) => {
      const { store, record } = deps(c.env);
      const known = await store.findByHandle(normalizeHandle(c.req.valid('param').handle));
      if (known === null) throw notFound();
      const ended = await store.endOtherSessions(known.id, null);
      const { id: actorId } = requirePrincipal(c.var.principal);
      const what = { event: 'other_sessions_ended', actorId, subjectId: known.id } as const;
      await record({ ...what, request: c.req.raw });
      return c.json({ ended }, 200);
    })
    .openapi(roleRoute, async (c) => {
      const { store, record } = deps(c.env);
      const { role } = c.req.valid('json');
      const known = await store.findByHandle(normalizeHandle(c.req.valid('param').handle));
      if (known === null) throw notFound();
      const row = await store.setRole(known.id, role, new Date());
      if (row === null) throw new ProblemError('last_admin', 'Make somebody else an admin first.');
      const { id: actorId } = requirePrincipal(c.var.principal);
      const what = { event: 'role_changed', actorId, subjectId: row.id, details: { role } } as const;
      await record({ ...what, request: c.req.raw });
      return c.json({ ...presentProfile(row), role: row.role }, 200);
    });
}
