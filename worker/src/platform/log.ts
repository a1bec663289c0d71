import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { AppContext } from './app-context.ts';

/** Writes one structured line; the keys are ours, so nothing a client sent can forge a field. */
export function logEvent(event: string, fields: Record<string, unknown> = {}): void {
  console.log(JSON.stringify({ event, ...fields }));
}

/** Drizzle puts a failed query's parameters into its message, and among them are addresses and hashes. */
function withoutParameters(text: string): string {
  return text.replace(/^params: .*$/gm, 'params: …');
}

/** Writes what went wrong with where it went wrong; the stack stays in the log and never leaves it. */
export function logError(event: string, error: unknown, fields: Record<string, unknown> = {}): void {
  const described =
    error instanceof Error
      ? { error: withoutParameters(error.message), stack: withoutParameters(error.stack ?? '') }
      : { error: String(error) };
  console.error(JSON.stringify({ event, ...fields, ...described }));
}

/**
 * Logs one line a request. It names the route's pattern and never its address,
 * because an address may hold a media token.
 */
export function requestLog(enabled: boolean): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    const startedMs = Date.now();
    await next();
    if (!enabled) return;
    logEvent('request', {
      method: c.req.method,
      route: c.var.routePattern ?? routePath(c, -1),
      status: c.res.status,
      durationMs: Date.now() - startedMs,
      requestId: c.var.requestId,
      ray: c.req.header('cf-ray') ?? null,
      principal: c.var.principal?.id ?? null,
    });
  };
}
