import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppContext } from './platform/app-context.ts';

const DOCUMENT_PATH = '/api/openapi.json';

/** The script is Scalar's, served by the web app from the same origin, so that the page works offline. */
const REFERENCE_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Melro API</title>
  </head>
  <body>
    <noscript>The reference needs JavaScript. The document itself is at <a href="${DOCUMENT_PATH}">${DOCUMENT_PATH}</a>.</noscript>
    <div id="reference"></div>
    <script src="/reference/scalar.js"></script>
    <script src="/reference/start.js"></script>
  </body>
</html>
`;

/** Adds the OpenAPI document and the page that shows it. */
export function mountReference(api: OpenAPIHono<AppContext>): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  api.doc31(DOCUMENT_PATH, {
    openapi: '3.1.0',
    info: {
      title: 'Melro API',
      version: '1',
      description:
        'Upload recordings, listen to them as adaptive, gapless, signed HLS. Errors are RFC 9457 problem+json with a stable `code`.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
  });
  api.get('/api/docs', (c) =>
    c.html(REFERENCE_PAGE, 200, {
      'content-security-policy':
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'",
    }),
  );
}
