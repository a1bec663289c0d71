import { AUTH_PATH } from '../paths.ts';
import { CONSENT_PAGE, SIGN_IN_PAGE } from './plugins.ts';

/** Endpoints whose forms and errors the OAuth standards rule, not we: RFC 6749 5, 7009, 6750 3. */
const PROTOCOL_PATHS = new Set(['token', 'revoke', 'userinfo'].map((name) => `${AUTH_PATH}/oauth2/${name}`));

/** Where better-auth shows its errors: at an address of its own, or where providers send people back to. */
const ERROR_PAGE = new RegExp(`(?:${AUTH_PATH}/error|${SIGN_IN_PAGE})\\?(?:.*&)?error=`);

/** What clients read before they know anything: keys, and where everything is (RFC 8414, OpenID Connect Discovery). */
export const METADATA_PATHS = [
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
] as const;
const PUBLIC_HEADERS = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' };

function withHeaders(response: Response, change: Record<string, string>): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(change)) headers.set(name, value);
  return new Response(response.body, { status: response.status, headers });
}

/** What the provider says of clients with secrets, which there are none of here. */
const ABOUT_SECRETS = /_endpoint_auth_signing_alg_values_supported$|^introspection_endpoint/;

/** Returns a metadata document (RFC 8414) that says how clients of ours show who they are: by PKCE alone. */
async function metadataAnswer(response: Response): Promise<Response> {
  const document = (await response.json()) as Record<string, unknown>;
  const kept = Object.entries(document).filter(([name]) => !ABOUT_SECRETS.test(name));
  const methods = {
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
  };
  return withHeaders(Response.json({ ...Object.fromEntries(kept), ...methods }), PUBLIC_HEADERS);
}

/** Returns the answer in the form that the standards ask for, or null where the path is none of theirs. */
export async function protocolAnswer(path: string, response: Response): Promise<Response | null> {
  if (PROTOCOL_PATHS.has(path)) return withHeaders(response, { 'cache-control': 'no-store' });
  if (path === `${AUTH_PATH}/jwks` && response.ok) return withHeaders(response, PUBLIC_HEADERS);
  if (METADATA_PATHS.some((known) => known === path) && response.ok) return metadataAnswer(response);
  const to = response.headers.get('location') ?? '';
  if (path !== `${AUTH_PATH}/oauth2/authorize` || !ERROR_PAGE.test(to)) return null;
  // Where an app cannot be trusted with its own error, the person is told on a page of ours.
  return withHeaders(response, { location: `${CONSENT_PAGE}?${to.slice(to.indexOf('?') + 1)}` });
}
