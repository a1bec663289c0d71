import { z } from '@hono/zod-openapi';
import { requirePrincipal, requireRecentSignIn } from '../../../platform/auth/guard.ts';
import { PERMISSION_NAMES } from '../../../platform/auth/permissions.ts';
import type { Env } from '../../../platform/env.ts';
import { notFound, ProblemError } from '../../../platform/errors.ts';
import { idPattern } from '../../../platform/ids.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { accountOf } from '../people.ts';
import type { AccountStore } from '../store.ts';
import { apiKeySchema, createApiKeySchema, createdApiKeySchema } from './api-key-schemas.ts';
import type { ApiKeyRow, ApiKeyStore } from './api-key-store.ts';
import { createApiKey } from './api-keys.ts';

/** What the routes of API keys need. */
export interface ApiKeysDeps {
  store: AccountStore;
  apiKeys: ApiKeyStore;
}

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/api-keys',
  summary: 'My API keys, newest first',
  tags: ['Account'],
  auth: 'session',
  errors: [],
  responses: { 200: jsonBody(z.object({ items: z.array(apiKeySchema) }), 'Keys, without their secret part') },
});

const createRoute = defineRoute({
  method: 'post',
  path: '/api/v1/me/api-keys',
  summary: 'Make an API key',
  description: 'The key is in this answer and nowhere else: it is kept as a hash.',
  tags: ['Account'],
  auth: 'session',
  errors: ['no_account', 'malformed_json', 'forbidden', 'recent_sign_in_required', 'too_many_keys'],
  request: { body: { required: true, content: { 'application/json': { schema: createApiKeySchema } } } },
  responses: { 201: jsonBody(createdApiKeySchema, 'The key') },
});

const removeRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/api-keys/{keyId}',
  summary: 'Revoke an API key',
  tags: ['Account'],
  auth: 'session',
  errors: ['not_found'],
  request: { params: z.object({ keyId: z.string().regex(idPattern('key')) }) },
  responses: { 204: { description: 'It is revoked' } },
});

function present(row: ApiKeyRow) {
  const timeOf = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    keyId: row.id,
    name: row.name,
    start: row.start,
    scopes: PERMISSION_NAMES.filter((name) => row.scopes.split(' ').includes(name)),
    createdAt: new Date(row.createdAtMs).toISOString(),
    expiresAt: timeOf(row.expiresAtMs),
    lastUsedAt: timeOf(row.lastUsedAtMs),
  };
}

/** Returns the routes of API keys. No key and no token gets past their guard. */
export function apiKeysApp(deps: (env: Env) => ApiKeysDeps) {
  return featureApp()
    .openapi(listRoute, async (c) => {
      const rows = await deps(c.env).apiKeys.list(requirePrincipal(c.var.principal).id);
      return c.json({ items: rows.map(present) }, 200);
    })
    .openapi(createRoute, async (c) => {
      const { store, apiKeys } = deps(c.env);
      const principal = requirePrincipal(c.var.principal);
      const wish = c.req.valid('json');
      const { id } = await accountOf(store, principal);
      requireRecentSignIn(principal);
      const beyond = wish.scopes.find((scope) => !principal.permissions.includes(scope));
      if (beyond !== undefined) {
        throw new ProblemError(
          'forbidden',
          `You may not do this yourself, so no key of yours can: ${beyond}.`,
          {
            permission: beyond,
          },
        );
      }
      const made = await createApiKey(apiKeys, id, wish, Date.now());
      if (made === null)
        throw new ProblemError('too_many_keys', 'You have as many keys as anyone may. Revoke one first.');
      return c.json({ ...present(made.row), key: made.key }, 201);
    })
    .openapi(removeRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      if (!(await deps(c.env).apiKeys.remove(id, c.req.valid('param').keyId))) throw notFound();
      return c.body(null, 204);
    });
}
