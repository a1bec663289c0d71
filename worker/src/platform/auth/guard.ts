import type { MiddlewareHandler } from 'hono';
import type { AppContext } from '../app-context.ts';
import { ProblemError } from '../errors.ts';
import type { Principal } from './principal.ts';

/** Who may call a route: anyone, anyone known, or only those who run this installation. */
export type AuthRule = 'public' | 'principal' | 'operator';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Returns the middleware that lets a request through only as `rule` allows.
 * A state-changing request whose identity the browser adds by itself must come from our own origin.
 */
export function guard(rule: AuthRule): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    const principal = await c.var.resolvePrincipal(c.req.raw);
    c.set('principal', principal);
    if (rule !== 'public' && principal === null) {
      throw new ProblemError(
        'unauthenticated',
        'Send an access token as "Authorization: Bearer …".',
        {},
        {
          'www-authenticate': 'Bearer realm="melro"',
        },
      );
    }
    if (rule === 'operator' && principal?.role !== 'operator') {
      throw new ProblemError('forbidden', 'Only an operator of this installation may do this.');
    }
    if (principal?.ambient && !SAFE_METHODS.has(c.req.method)) refuseOtherOrigins(c.req.raw);
    await next();
  };
}

function refuseOtherOrigins(request: Request): void {
  const origin = request.headers.get('origin');
  if (origin !== null && origin !== new URL(request.url).origin) {
    throw new ProblemError('cross_origin_refused', 'This change was asked for by another site.');
  }
}

/** Returns the caller of a route whose rule is not `public`. */
export function requirePrincipal(principal: Principal | null): Principal {
  if (principal === null) throw new ProblemError('unauthenticated', 'Sign-in is needed.');
  return principal;
}
