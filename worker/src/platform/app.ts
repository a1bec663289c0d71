import type { HonoRequest } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import type { PrincipalResolver } from './auth/principal.ts';
import type { Env } from './env.ts';
import { notFound, ProblemError, problemResponse } from './errors.ts';
import { newId } from './ids.ts';
import { authLimits } from './limits/auth-limits.ts';
import { firstLine } from './limits/first-line.ts';
import { limitHeaders } from './limits/limit-request.ts';
import type { Limits } from './limits/limits.ts';
import { logError, requestLog } from './log.ts';
import { featureApp } from './route.ts';

/** What every app, whole or of a single feature, needs from outside. */
export interface AppOptions {
  resolvePrincipal(env: Env): PrincipalResolver;
  isLogging(env: Env): boolean;
  limits(env: Env): Limits;
}

/** Hono answers malformed JSON and its like with exceptions of its own; they get our form. */
function toProblem(error: unknown): unknown {
  if (!(error instanceof HTTPException)) return error;
  return error.message.includes('JSON')
    ? new ProblemError('malformed_json', 'The body could not be read as JSON.')
    : new ProblemError('validation_failed', error.message || 'The request is not valid.');
}

/** Bodies are held in memory, of which an isolate has 128 MB for everybody. */
const LONGEST_BODY_BYTES = 256 * 1024;

const limitBody = bodyLimit({
  maxSize: LONGEST_BODY_BYTES,
  onError: () => {
    throw new ProblemError('validation_failed', 'The body is too long.');
  },
});

/** The bodies of these are forms by their standards (RFC 6749, RFC 7009); none of them goes by a cookie. */
const FORM_PATHS = /^\/api\/auth\/oauth2\/(?:token|revoke)$/;

function takesForm(request: HonoRequest): boolean {
  const type = request.header('content-type') ?? '';
  return FORM_PATHS.test(request.path) && /^application\/x-www-form-urlencoded\b/i.test(type);
}

/** Returns an app with request ids, logs, the principal and problem+json errors, for features to be mounted on. */
export function baseApp(options: AppOptions) {
  const app = featureApp();
  app.use('*', async (c, next) => {
    const requestId = newId('req');
    c.set('requestId', requestId);
    c.set('principal', null);
    c.set('consulted', []);
    await next();
    // Not by `c.header`, which makes the whole answer anew: every segment comes by here.
    c.res.headers.set('x-request-id', requestId);
  });
  app.use('*', (c, next) => requestLog(options.isLogging(c.env))(c, next));
  app.use('*', async (c, next) => {
    c.set('resolvePrincipal', options.resolvePrincipal(c.env));
    c.set('limits', options.limits(c.env));
    await next();
  });
  app.use('/api/*', limitHeaders());
  app.use('*', firstLine());
  app.use('/api/*', async (c, next) => {
    const isJson = /^application\/json\b/i.test(c.req.header('content-type') ?? 'application/json');
    const isOther = c.req.method === 'PUT' || takesForm(c.req);
    if (c.req.raw.body !== null && !isJson && !isOther) {
      throw new ProblemError('unsupported_media_type', 'Send the body as application/json.');
    }
    // Files are counted as they stream; everything else is read whole, and nothing honest is longer.
    if (c.req.method === 'PUT' && !/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
      await next();
    else await limitBody(c, next);
    c.header('x-content-type-options', 'nosniff');
    // What somebody is told because of who they are must not be told to the next one by a cache.
    if (c.var.principal !== null && !c.res.headers.has('cache-control'))
      c.header('cache-control', 'no-store');
  });
  app.use('/api/auth/*', authLimits());
  app.notFound((c) => problemResponse(notFound('There is no such address.'), c.var.requestId));
  app.onError((error, c) => {
    const problem = toProblem(error);
    if (!(problem instanceof ProblemError)) logError('unexpected', problem, { requestId: c.var.requestId });
    return problemResponse(problem, c.var.requestId);
  });
  return app;
}
