import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { AppContext } from '../app-context.ts';
import type { Env } from '../env.ts';
import { notFound } from '../errors.ts';
import type { AnswerCache, CachedAnswer, PublicAnswer } from './answer-cache.ts';

/** Says that this browser has just changed something; it lasts as long as others may see what was. */
const WROTE_COOKIE = 'melro.wrote';

/** Kept by nobody on the way without asking: whoever changed something must not meet it in their own browser. */
const PUBLIC = 'public, max-age=0, must-revalidate';

/** Returns the key of a read: its path and its parameters as they were understood, so that no other word makes a new entry. */
export function keyOf(c: Context<AppContext>, query: Record<string, unknown> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const sorted = given.map(([name, value]) => [name, String(value)]).toSorted();
  return given.length === 0 ? c.req.path : `${c.req.path}?${new URLSearchParams(sorted)}`;
}

/** True for whoever has just changed something, and for tokens that may: they have no cookie to tell it by. */
function isFresh(c: Context<AppContext>): boolean {
  const { principal } = c.var;
  if (principal === null) return false;
  if (!principal.ambient) return principal.permissions.includes('tracks:upload');
  return getCookie(c, WROTE_COOKIE) !== undefined;
}

/** Returns a public answer from the cache or as `make` makes it; null where there is none. */
export async function publicAnswer(
  c: Context<AppContext>,
  cache: AnswerCache,
  key: string,
  make: () => Promise<PublicAnswer | null>,
): Promise<Response | null> {
  const answer = await cache.read(key, { isFresh: isFresh(c) }, make);
  return answer && send(c, answer);
}

function send(c: Context<AppContext>, { body, etag }: CachedAnswer): Response {
  const headers = { etag, 'cache-control': PUBLIC };
  if (isKnown(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } });
}

/** Compares weakly, as RFC 9110 13.1.2 says: a proxy that compresses makes `W/"…"` of our validator. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
}

/**
 * Returns the middleware of everything that changes what public answers show: the browser that made a change sees it at
 * once, wherever it asks next. `boundSeconds` is for how long others may not.
 */
export function markWriter(boundSeconds: (env: Env) => number): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    await next();
    if (c.req.method === 'GET' || !c.res.ok || !c.var.principal?.ambient) return;
    const maxAge = boundSeconds(c.env);
    if (maxAge === 0) return;
    const secure = c.env.ENVIRONMENT === 'production';
    setCookie(c, WROTE_COOKIE, '1', { path: '/', httpOnly: true, sameSite: 'Lax', secure, maxAge });
  };
}

/**
 * Returns the answer that everyone sees; where there is none, what the viewer may see of what is not public yet, kept by
 * nobody. `make` gets null for everyone. Throws `not_found` where there is neither.
 */
export async function publicOrOwnAnswer(
  c: Context<AppContext>,
  cache: AnswerCache,
  key: string,
  make: (viewerId: string | null) => Promise<PublicAnswer | null>,
): Promise<Response> {
  const shown = await publicAnswer(c, cache, key, () => make(null));
  if (shown !== null) return shown;
  const own = c.var.principal && (await make(c.var.principal.id));
  if (own === null) throw notFound();
  return Response.json(own.value, { headers: { 'cache-control': 'private, no-store' } });
}
