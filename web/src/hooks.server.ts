import { error, type Handle, type RequestEvent } from '@sveltejs/kit';
import { dev } from '$app/environment';
import { env } from '$env/dynamic/private';
import { allowChallenge, ChallengeUse } from '$lib/server/challenge-policy.ts';

const API_PATH =
  /^\/(?:api|media|rest)\/|^\/(?:healthz|readyz)$|^\/\.well-known\/(?:oauth-authorization-server|openid-configuration)$/;

/** For the pages; the API sets its own, and static files get theirs from `_headers`. */
const PAGE_HEADERS = {
  // Every page carries a nonce of its own, so no cache may hand it to a second visitor.
  'cache-control': 'private, no-cache',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * Returns what the API is asked. What `load` asks for on the server is a new request without the visitor's address,
 * by which the API limits strangers; without it all visitors would be one.
 */
function withAddress({ request, isSubRequest, getClientAddress }: RequestEvent): Request {
  if (!isSubRequest || dev) return request;
  const own = new Request(request);
  const address: string | null = getClientAddress();
  if (address !== null) own.headers.set('cf-connecting-ip', address);
  return own;
}

/** Hands a request over to the API Worker as it is; bodies stream both ways. */
function askApi(request: Request, platform: App.Platform | undefined): Promise<Response> {
  if (dev) {
    // Only what `load` asks for on the server comes here: the browser's own requests are proxied by Vite.
    const { pathname, search } = new URL(request.url);
    return fetch(new Request(`http://127.0.0.1:${env.MELRO_API_PORT ?? 8787}${pathname}${search}`, request));
  }
  if (platform === undefined)
    error(503, 'The API is not bound. See the service binding API in web/wrangler.toml.');
  return platform.env.API.fetch(request);
}

/** Every page asks who is there. Who brings no session cookie is a stranger, and that needs no question. */
function isStranger({ url, request, isSubRequest }: RequestEvent): boolean {
  if (!isSubRequest || url.pathname !== '/api/v1/me') return false;
  return !/(?:^|;\s*)(?:__Host-)?melro\.session_token=/.test(request.headers.get('cookie') ?? '');
}

const challengeUse = new ChallengeUse();

export const handle: Handle = async ({ event, resolve }) => {
  if (isStranger(event)) return new Response(null, { status: 401 });
  if (API_PATH.test(event.url.pathname)) return askApi(withAddress(event), event.platform);
  const response = await resolve(event, {
    // What a page's data was fetched with matters to none but the server.
    filterSerializedResponseHeaders: (name) => name === 'content-type',
  });
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.headers.set(name, value);
  // Any page: from there on the browser goes to the sign-in by itself.
  if (await challengeUse.isOn((path) => askApi(new Request(new URL(path, event.url)), event.platform))) {
    allowChallenge(response.headers);
  }
  return response;
};
