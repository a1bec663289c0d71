import type { MiddlewareHandler } from 'hono';
import type { AppContext } from '../app-context.ts';
import { ProblemError } from '../errors.ts';
import { logError } from '../log.ts';

/** The period of the bindings in wrangler.toml: the longest that a refused address has to wait. */
const PERIOD_SECONDS = 60;

/** Whoever watches over an installation must be answered while it is flooded. */
const EXEMPT = new Set(['/healthz', '/readyz']);

/** Returns the middleware that counts every request by where it comes from. Fails open: it only keeps floods out. */
export function firstLine(): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    if (!EXEMPT.has(c.req.path)) {
      const isMedia = c.req.path.startsWith('/media/');
      const isPassing = await c.var.limits
        .passesFirstLine(isMedia ? 'media' : 'api', c.req.raw)
        .catch((error: unknown) => {
          logError('limiter', error, { policy: 'first-line', requestId: c.var.requestId });
          return true;
        });
      if (!isPassing) {
        throw new ProblemError(
          'rate_limited',
          'Too many requests come from where you are. Try again in a minute.',
          { policy: 'first-line', retryAfterSeconds: PERIOD_SECONDS },
          {
            'retry-after': String(PERIOD_SECONDS),
            // Players read the status of a refused segment only where they may.
            ...(isMedia ? { 'access-control-allow-origin': '*' } : {}),
          },
        );
      }
    }
    await next();
  };
}
