import { z } from '@hono/zod-openapi';
import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { jsonRequest } from '../json-request.ts';
import { entryPageSchema } from '../schemas.ts';
import type { PlaylistDeps } from '../service.ts';
import { OPERATORS, smartRulesSchema } from '../vocabulary.ts';
import { OPERATORS_BY_TYPE } from './compile.ts';
import { smartPage } from './smart-page.ts';

const fieldSchema = z
  .object({
    name: z.string(),
    type: z.enum(['text', 'number', 'date', 'flag']),
    operators: z.array(z.enum(OPERATORS)),
    isSortable: z.boolean(),
  })
  .openapi('SmartField');

const fieldsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/playlists/smart/fields',
  summary: 'What rules of smart playlists may ask',
  tags: ['Playlists'],
  auth: 'public',
  errors: [],
  responses: { 200: jsonBody(z.object({ items: z.array(fieldSchema) }), 'All fields') },
});

const previewRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists/smart/preview',
  summary: 'What a smart playlist with these rules would hold',
  description:
    'One query over at most 2,000 candidates that an index finds: those of a rule which must hold (liked, rating, artist, genre, tag), else the newest tracks. `isPartial` tells where there were more.',
  tags: ['Playlists'],
  auth: 'library:read',
  limit: 'reads',
  errors: ['malformed_json'],
  request: jsonRequest(z.strictObject({ rules: smartRulesSchema }).openapi('SmartPreview')),
  responses: { 200: jsonBody(entryPageSchema, 'The tracks, in order') },
});

/** Returns the routes that rule editors need. */
export function smartApp(deps: (env: Env) => PlaylistDeps) {
  return featureApp()
    .openapi(fieldsRoute, (c) => {
      const items = deps(c.env).smartFields.map(({ name, type, sortBy }) => ({
        name,
        type,
        operators: [...OPERATORS_BY_TYPE[type]],
        isSortable: sortBy !== undefined,
      }));
      return c.json({ items }, 200);
    })
    .openapi(previewRoute, async (c) => {
      const { id } = requirePrincipal(c.var.principal);
      return c.json(await smartPage(deps(c.env), c.req.valid('json').rules, id, id), 200);
    });
}
