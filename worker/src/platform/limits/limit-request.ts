import type { Verdict } from '@melro/durable-objects/gcra';
import type { Context, MiddlewareHandler } from 'hono';
import type { AppContext } from '../app-context.ts';
import { ProblemError } from '../errors.ts';
import { logError } from '../log.ts';
import { addressKey } from './keys.ts';
import type { Consulted } from './limits.ts';
import { type PolicyName, ROUTE_LIMITS, type RouteLimit } from './policies.ts';

/** Seconds after which a closed policy may be tried again. */
const UNAVAILABLE_RETRY_SECONDS = 5;

/**
 * Takes one of the attempts that `key` has under a policy; its verdict is told in the answer's headers.
 * Throws `rate_limited`, or `unavailable` where the limiter does not answer and the policy fails closed.
 */
export async function limitRequest(c: Context<AppContext>, name: PolicyName, key: string): Promise<void> {
  const policy = c.var.limits.policy(name);
  let verdict: Verdict;
  try {
    verdict = await c.var.limits.take(name, key);
  } catch (error) {
    logError('limiter', error, { policy: name, requestId: c.var.requestId });
    if (policy.failure === 'open') return;
    throw new ProblemError(
      'unavailable',
      'This cannot be done just now. Please try again in a moment.',
      {},
      {
        'retry-after': String(UNAVAILABLE_RETRY_SECONDS),
      },
    );
  }
  c.var.consulted.push({ name, policy, verdict });
  if (verdict.isAllowed) return;
  const { retryAfterSeconds } = verdict;
  throw new ProblemError(
    'rate_limited',
    `That was too often. Try again in ${retryAfterSeconds} second${retryAfterSeconds === 1 ? '' : 's'}.`,
    { policy: name, retryAfterSeconds },
    { 'retry-after': String(retryAfterSeconds) },
  );
}

/** Somebody who is known, by a key of the API or otherwise. */
interface Known {
  id: string;
  apiKeyId?: string;
}

/** Returns the middleware that holds a route against its limit, once it is known who asks. */
export function routeLimit(limit: RouteLimit): MiddlewareHandler<AppContext> {
  const policies = ROUTE_LIMITS[limit];
  return async (c, next) => {
    const known: Known | null = c.var.principal;
    if (limit !== 'none' && known?.apiKeyId !== undefined) await limitRequest(c, 'api-key', known.apiKeyId);
    if (policies !== null) {
      if (known === null) await limitRequest(c, policies.stranger, addressKey(c.req.raw));
      else await limitRequest(c, policies.known, known.id);
    }
    await next();
  };
}

/** Tells of policies as draft-ietf-httpapi-ratelimit-headers-11 does: names, quotas, windows, what is left of them. */
function describe(consulted: readonly Consulted[]): Record<string, string> {
  const tell = (one: (consulted: Consulted) => string) => consulted.map(one).join(', ');
  return {
    'ratelimit-policy': tell(({ name, policy }) => `"${name}";q=${policy.burst};w=${policy.periodSeconds}`),
    ratelimit: tell(({ name, verdict }) => {
      const { isAllowed, remaining, retryAfterSeconds, resetSeconds } = verdict;
      // The draft wants the same moment here as in Retry-After.
      return `"${name}";r=${remaining};t=${isAllowed ? resetSeconds : retryAfterSeconds}`;
    }),
  };
}

/** Returns the middleware that tells, in whatever is answered, which limits a request was held against. */
export function limitHeaders(): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    await next();
    if (c.var.consulted.length === 0) return;
    for (const [name, value] of Object.entries(describe(c.var.consulted))) c.header(name, value);
  };
}
