import type { OpenAPIHono } from '@hono/zod-openapi';
import { withNullableRefs } from './nullable-refs.ts';
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
  api.get(DOCUMENT_PATH, (c) => c.json(withNullableRefs(api.getOpenAPI31Document(document))));
  api.get('/api/docs', (c) => c.redirect(REFERENCE_PATH, 302));
}
