import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { AppContext } from './app-context.ts';
import { type AuthRule, guard } from './auth/guard.ts';
import { NEEDS_VERIFIED_EMAIL } from './auth/permissions.ts';
import { ERRORS, type ErrorCode, ProblemError } from './errors.ts';
import { routeLimit } from './limits/limit-request.ts';
import type { RouteLimit } from './limits/policies.ts';

/** RFC 9457 problem details as every route answers them. */
export const problemSchema = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    requestId: z.string(),
  })
  .openapi('Problem');

type RouteInput = Omit<RouteConfig, 'middleware' | 'security'> & {
  auth: AuthRule;
  errors: readonly ErrorCode[];
  /** What it is limited by; reads and writes unless it says otherwise. */
  limit?: RouteLimit;
  /** Whether it also serves those whose account waits to be deleted; then it answers `account_leaving` no more. */
  whileLeaving?: boolean;
  /** Whether its answer has an ETag, by which it may be asked for again. */
  revalidates?: boolean;
};

/** What an answer with an ETag may be instead (RFC 9110 15.4.5). */
const NOT_MODIFIED = { 304: { description: 'Nothing has changed since the ETag in If-None-Match' } };

/** What a route may be called with, as the document's security requirements name it. */
const SCHEMES = { any: [{ bearer: [] }, { session: [] }], session: [{ session: [] }] };

/** Errors that any route of a rule may answer without naming them. */
function impliedErrors(rule: AuthRule, whileLeaving: boolean): readonly ErrorCode[] {
  if (rule === 'public') return ['internal_error'];
  const known: readonly ErrorCode[] = [
    ...(['unauthenticated', 'cross_origin_refused', 'internal_error'] as const),
    ...(whileLeaving ? [] : (['account_leaving'] as const)),
  ];
  if (rule === 'principal') return known;
  if (rule === 'session') return [...known, 'session_required'];
  return [
    ...known,
    'forbidden',
    ...(NEEDS_VERIFIED_EMAIL.has(rule) ? (['email_not_verified'] as const) : []),
  ];
}

const LIMITED_HEADERS = {
  'Retry-After': {
    description: 'Seconds until it is worth trying again',
    schema: { type: 'integer' as const },
  },
  'RateLimit-Policy': {
    description: 'The limits: `"name";q=burst;w=seconds`',
    schema: { type: 'string' as const },
  },
  RateLimit: {
    description: 'What is left of them: `"name";r=remaining;t=seconds`',
    schema: { type: 'string' as const },
  },
};

function problemResponses(codes: readonly ErrorCode[]) {
  const byStatus = Map.groupBy(new Set(codes), (code) => ERRORS[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      {
        ...(status === 429 ? { headers: LIMITED_HEADERS } : {}),
        description: ofStatus.map((code) => `\`${code}\`: ${ERRORS[code][1]}`).join('; '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}

/**
 * Returns a documented route. The only way to make one: it cannot be left without an auth rule,
 * and its error answers are documented from the closed list.
 */
export function defineRoute<const R extends RouteInput>(input: R): R & { getRoutingPath(): string } {
  const { auth, errors, whileLeaving = false, revalidates = false, ...rest }: RouteInput = input;
  const { limit = input.method === 'get' ? 'reads' : 'writes', ...config } = rest;
  const implied =
    config.request === undefined
      ? impliedErrors(auth, whileLeaving)
      : [...impliedErrors(auth, whileLeaving), 'validation_failed' as const];
  const limited = limit === 'none' ? [] : (['rate_limited'] as const);
  const route = createRoute({
    ...config,
    'x-auth': auth,
    'x-limit': limit,
    middleware: [guard(auth, { whileLeaving }), routeLimit(limit)] as const,
    security: auth === 'public' ? [] : SCHEMES[auth === 'session' ? 'session' : 'any'],
    responses: {
      ...config.responses,
      ...(revalidates ? NOT_MODIFIED : {}),
      ...problemResponses([...errors, ...implied, ...limited]),
    },
  } as RouteConfig);
  // The added error answers are thrown, never returned, so handlers keep the types of their own answers.
  return route as unknown as R & { getRoutingPath(): string };
}

/** Returns the small app that a feature mounts its routes on. */
export function featureApp(): OpenAPIHono<AppContext> {
  return new OpenAPIHono<AppContext>({
    defaultHook: (result) => {
      if (result.success) return;
      const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      const first = issues[0];
      throw new ProblemError(
        'validation_failed',
        first === undefined
          ? 'The request is not valid.'
          : `${first.path || result.target}: ${first.message}`,
        { issues },
      );
    },
  });
}

/** Returns a JSON answer's documentation. */
export function jsonBody<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } } as const;
}

/** Returns the schema of a page of `item`; `nextCursor` is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Query parameters of a cursor-paged list. */
export const pageQuerySchema = z.object({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
