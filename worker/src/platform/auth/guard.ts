import type { MiddlewareHandler } from 'hono';
import type { AppContext } from '../app-context.ts';
import { ProblemError } from '../errors.ts';
import { NEEDS_VERIFIED_EMAIL, PERMISSIONS, type Permission, permissionsOf } from './permissions.ts';
import type { Principal } from './principal.ts';

/**
 * Who may call a route: anyone, anyone known, only those who have a permission, or only people who are signed in
 * themselves: no token and no key may change what somebody signs in with, or make more tokens and keys.
 */
export type AuthRule = 'public' | 'principal' | 'session' | Permission;

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a route asks beside its rule. */
export interface GuardOptions {
  /** Whether it also serves those whose account waits to be deleted. */
  whileLeaving?: boolean;
}

/**
 * Returns the middleware that lets a request through only as `rule` allows.
 * A state-changing request whose identity the browser adds by itself must come from our own origin.
 */
export function guard(
  rule: AuthRule,
  { whileLeaving = false }: GuardOptions = {},
): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    const principal = await c.var.resolvePrincipal(c.req.raw);
    c.set('principal', rule === 'public' ? asVisitor(principal) : principal);
    if (rule !== 'public' && principal === null) throw unauthenticated(c.req.raw);
    if (principal?.ambient && !SAFE_METHODS.has(c.req.method)) refuseOtherOrigins(c.req.raw);
    if (rule !== 'public' && principal?.isLeaving && !whileLeaving) throw accountLeaving();
    if (rule === 'session') requireSession(principal);
    else if (rule !== 'public' && rule !== 'principal') {
      requirePermission(principal, rule, c.env.ENVIRONMENT === 'production');
    }
    await next();
  };
}

/** Where anyone may look, a token without `library:read` must not see what only its owner may: it is a stranger. */
function asVisitor(principal: Principal | null): Principal | null {
  return principal?.permissions.includes('library:read') && !principal.isLeaving ? principal : null;
}

/** Returns the refusal of everything but keeping an account that waits to be deleted. */
export function accountLeaving(): ProblemError {
  return new ProblemError(
    'account_leaving',
    'This account is going to be deleted. Keep it first, if you want it back.',
  );
}

function unauthenticated(request: Request): ProblemError {
  // RFC 6750 3.1: no error code for whoever has shown nothing.
  const error = request.headers.has('authorization') ? ', error="invalid_token"' : '';
  return new ProblemError(
    'unauthenticated',
    'Sign in, or send an access token as "Authorization: Bearer …".',
    {},
    { 'www-authenticate': `Bearer realm="melro"${error}` },
  );
}

function requireSession(principal: Principal | null): void {
  if (principal?.ambient) return;
  throw new ProblemError(
    'session_required',
    'Only people who are signed in may do this themselves: no access token and no key can.',
  );
}

function requirePermission(principal: Principal | null, permission: Permission, isProduction: boolean): void {
  if (!principal?.permissions.includes(permission)) {
    const isMissingScope = principal !== null && permissionsOf(principal.role).includes(permission);
    throw new ProblemError(
      'forbidden',
      isMissingScope
        ? `This token was not given the scope ${permission}: ${PERMISSIONS[permission]}.`
        : `This needs the permission ${permission}: ${PERMISSIONS[permission]}.`,
      { permission },
      isMissingScope
        ? { 'www-authenticate': `Bearer realm="melro", error="insufficient_scope", scope="${permission}"` }
        : {},
    );
  }
  if (isProduction && !principal.emailVerified && NEEDS_VERIFIED_EMAIL.has(permission)) {
    throw new ProblemError(
      'email_not_verified',
      'Confirm your email address first; the link is in your mail.',
    );
  }
}

/** What browsers say of where a request was made (Fetch Metadata) when it was not by a page of another origin. */
const OWN_SITES = new Set(['same-origin', 'none']);

/** Refuses a request that another site made a browser send. Browsers name the origin of every change. */
export function refuseOtherOrigins(request: Request): void {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const isOther = origin !== null && origin !== new URL(request.url).origin;
  // Also of what comes without an Origin; a subdomain is another site to us.
  if (isOther || (site !== null && !OWN_SITES.has(site))) {
    throw new ProblemError('cross_origin_refused', 'This change was asked for by another site.');
  }
}

/** Returns the caller of a route whose rule is not `public`. */
export function requirePrincipal(principal: Principal | null): Principal {
  if (principal === null) throw new ProblemError('unauthenticated', 'Sign-in is needed.');
  return principal;
}

/** Throws unless the caller has proven who they are only a moment ago. */
export function requireRecentSignIn(principal: Principal | null): void {
  if (principal?.isRecent) return;
  throw new ProblemError('recent_sign_in_required', 'Show once more that it is you, then try again.');
}
