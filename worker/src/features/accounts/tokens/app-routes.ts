import { z } from '@hono/zod-openapi';
import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { notFound } from '../../../platform/errors.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import type { RecordSecurityEvent } from '../../../platform/security-events.ts';
import type { OAuthStore } from './oauth-store.ts';

/** What the routes of connected apps need. */
export interface AppsDeps {
  oauth: OAuthStore;
  record: RecordSecurityEvent;
}

const appSchema = z
  .object({
    clientId: z.string(),
    name: z.string().nullable(),
    /** The app's own page, as whoever registered it says. */
    url: z.string().nullable(),
    scopes: z.array(z.string()),
    connectedAt: z.iso.datetime(),
  })
  .openapi('ConnectedApp');

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/apps',
  summary: 'Apps that I have let in',
  tags: ['Account'],
  auth: 'session',
  errors: [],
  responses: { 200: jsonBody(z.object({ items: z.array(appSchema) }), 'Apps, the last one first') },
});

const removeRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/apps/{clientId}',
  summary: 'Take from an app what I gave it',
  description: 'Its refresh tokens end at once, its access tokens within 15 minutes.',
  tags: ['Account'],
  auth: 'session',
  errors: ['not_found'],
  request: { params: z.object({ clientId: z.string().regex(/^[A-Za-z]{32}$/) }) },
  responses: { 204: { description: 'It has nothing of mine any more' } },
});

/** A list as better-auth keeps it: JSON in a text. */
function listOf(text: string): string[] {
  return z.array(z.string()).parse(JSON.parse(text));
}

/** Returns the routes of the apps that somebody has let in by OAuth. */
export function appsApp(deps: (env: Env) => AppsDeps) {
  return featureApp()
    .openapi(listRoute, async (c) => {
      const rows = await deps(c.env).oauth.listApps(requirePrincipal(c.var.principal).id);
      const items = rows.map(({ consent, client }) => ({
        clientId: client.clientId,
        name: client.name,
        url: client.uri,
        scopes: listOf(consent.scopes),
        connectedAt: consent.createdAt.toISOString(),
      }));
      return c.json({ items }, 200);
    })
    .openapi(removeRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      const { clientId } = c.req.valid('param');
      const { oauth, record } = deps(c.env);
      if (!(await oauth.removeApp(id, clientId))) throw notFound();
      const details = { clientId };
      await record({ event: 'client_revoked', actorId: id, subjectId: id, details, request: c.req.raw });
      return c.body(null, 204);
    });
}
