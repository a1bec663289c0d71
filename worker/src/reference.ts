import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppContext } from './platform/app-context.ts';

const DOCUMENT_PATH = '/api/openapi.json';

/** The page of the web app that shows the document; it renders it itself, so nothing comes from elsewhere. */
const REFERENCE_PATH = '/developers';

/** Adds the OpenAPI document and the address under which people look for its reference. */
export function mountReference(api: OpenAPIHono<AppContext>): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description:
      'An access JWT of 15 minutes (OAuth 2.1, or GET /api/auth/token), an API key `mlr_…`, or a token of ACCESS_TOKENS',
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-melro.session_token',
    description: 'The cookie of whoever is signed in (`melro.session_token` in development)',
  });
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Melro API',
      version: '1',
      description:
        'Upload recordings, listen to them as adaptive, gapless, signed HLS. Errors are RFC 9457 problem+json with a stable `code`.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
  };
  api.get(DOCUMENT_PATH, (c) => c.json(nullableRefs(api.getOpenAPI31Document(document)) as object));
  api.get('/api/docs', (c) => c.redirect(REFERENCE_PATH, 302));
}

/**
 * Returns the document with `null` allowed where it says so: the generator writes a named schema that may be null as all
 * of that schema and a type list, which nothing that is null can be (JSON Schema 2020-12, 10.2.1.1).
 */
function nullableRefs(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(nullableRefs);
  if (typeof part !== 'object' || part === null) return part;
  const { allOf, type, ...rest } = part as Record<string, unknown>;
  if (Array.isArray(allOf) && Array.isArray(type) && type.includes('null'))
    return {
      ...(nullableRefs(rest) as object),
      anyOf: [{ allOf: allOf.map(nullableRefs) }, { type: 'null' }],
    };
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, nullableRefs(value)]));
}
