import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { z } from 'zod';
import type { AuthParts } from './auth-parts.ts';
import { endAccess } from './end-access.ts';
import { handleProblem, normalizeHandle } from './handles.ts';
import { passwordProblem } from './password-rules.ts';
import { claimsOf, localeOf, occasionOf } from './people.ts';
import { LOCALES } from './ports.ts';
import { asksToBeLedAway } from './return-paths.ts';
import { nameSchema } from './schemas.ts';

/** RFC 5321, 4.5.3.1.3: a path of 256 with its brackets. */
const emailSchema = z.email().max(254, 'must have at most 254 characters');

const signUpSchema = z.object({
  email: emailSchema,
  password: z.string().max(1000),
  name: nameSchema,
  handle: z.string().max(100),
  locale: z.enum(LOCALES).optional(),
  image: z.undefined({ message: 'pictures are uploaded, not linked' }).optional(),
});

function refuse(
  status: 'FORBIDDEN' | 'BAD_REQUEST' | 'CONFLICT' | 'UNPROCESSABLE_ENTITY',
  code: string,
  message: string,
): never {
  throw new APIError(status, { code, message });
}

/** Refuses what is not as a form sends it, with the field in front of the words. */
function refuseForm({ issues: [issue] }: z.ZodError): never {
  const field = issue?.path.join('.') ?? 'body';
  refuse('BAD_REQUEST', 'VALIDATION_ERROR', `${field}: ${issue?.message ?? 'invalid'}`);
}

function refuseWeak(password: unknown, about: string[] = []): void {
  const problem = typeof password === 'string' ? passwordProblem(password, about) : null;
  if (problem !== null) refuse('UNPROCESSABLE_ENTITY', 'PASSWORD_TOO_WEAK', problem);
}

/** Returns our rules before better-auth's endpoints and what follows after them. */
export function authHooks(parts: AuthParts) {
  const { store, hasher, sendMail, record, isSignUpOpen } = parts;

  async function checkSignUp(body: unknown, acceptLanguage: string | null) {
    const parsed = signUpSchema.safeParse(body);
    if (!parsed.success) refuseForm(parsed.error);
    // Of known and unknown addresses alike, so that this tells nothing.
    if (!isSignUpOpen && (await store.hasAccounts())) {
      refuse('FORBIDDEN', 'SIGN_UP_CLOSED', 'This installation takes no new accounts.');
    }
    const { email, password, name } = parsed.data;
    const handle = normalizeHandle(parsed.data.handle);
    const problem = handleProblem(handle);
    if (problem !== null) refuse('UNPROCESSABLE_ENTITY', 'HANDLE_NOT_ALLOWED', problem);
    refuseWeak(password, [email, name, handle]);
    if ((await store.findByHandle(handle)) !== null)
      refuse('CONFLICT', 'HANDLE_TAKEN', 'This handle is taken.');
    const locale = parsed.data.locale ?? (/^\s*ru\b/i.test(acceptLanguage ?? '') ? 'ru' : 'en');
    return { name, handle, locale };
  }

  return {
    before: createAuthMiddleware(async (ctx) => {
      const body: Record<string, unknown> = ctx.body ?? {};
      if (asksToBeLedAway(ctx.query, body)) {
        refuse('FORBIDDEN', 'INVALID_CALLBACK_URL', 'The address to go to afterwards is not one of ours.');
      }
      switch (ctx.path) {
        case '/sign-up/email': {
          const checked = await checkSignUp(body, ctx.headers?.get('accept-language') ?? null);
          return { context: { body: { ...body, ...checked } } };
        }
        case '/change-email': {
          const parsed = z.object({ newEmail: emailSchema }).safeParse(body);
          if (!parsed.success) refuseForm(parsed.error);
          return;
        }
        case '/reset-password':
          refuseWeak(body.newPassword);
          return;
        case '/change-password': {
          const session = await getSessionFromCtx(ctx);
          if (session === null) return;
          const { email, name, handle } = session.user as Record<string, unknown>;
          refuseWeak(body.newPassword, [email, name, handle].map(String));
          // Whoever knew the old password is out; this session goes on under a new token.
          return { context: { body: { ...body, revokeOtherSessions: true } } };
        }
        case '/verify-email': {
          // Left to itself better-auth would sign in whoever opens the link, also where the address was mistyped.
          const isChange = claimsOf(String(ctx.query?.token)).updateTo !== undefined;
          if (isChange && (await getSessionFromCtx(ctx)) === null) {
            throw new APIError('UNAUTHORIZED', {
              code: 'UNAUTHORIZED',
              message: 'Sign in first, then open the link.',
            });
          }
          return;
        }
        default:
          return;
      }
    }),

    after: createAuthMiddleware(async (ctx) => {
      if (ctx.context.returned instanceof Error) return;
      switch (ctx.path) {
        case '/sign-in/email': {
          const user = ctx.context.newSession?.user;
          if (user === undefined) return;
          const stored = await store.findPasswordHash(user.id);
          if (stored === null || !hasher.isOutdated(stored)) return;
          await store.replacePasswordHash(user.id, stored, await hasher.hash(String(ctx.body.password)));
          return;
        }
        case '/change-password': {
          const user = ctx.context.session?.user;
          if (user === undefined) return;
          const isAccessEnded = ctx.body.endAccess === true && (await endAccess(parts, user.id, ctx.request));
          await sendMail({
            to: user.email,
            locale: localeOf(user),
            template: 'password_changed',
            data: { name: user.name, isAccessEnded, ...occasionOf(ctx.request) },
          });
          return;
        }
        case '/verify-email': {
          const { email, updateTo } = claimsOf(String(ctx.query?.token));
          const user = ctx.context.session?.user ?? ctx.context.newSession?.user;
          if (email === undefined || updateTo === undefined || user === undefined) return;
          await sendMail({
            to: email,
            locale: localeOf(user),
            template: 'email_changed_notice',
            data: { name: user.name, newEmail: updateTo, ...occasionOf(ctx.request) },
          });
          await record({
            event: 'email_changed',
            actorId: user.id,
            subjectId: user.id,
            ...(ctx.request && { request: ctx.request }),
          });
          return;
        }
        default:
          return;
      }
    }),
  };
}
