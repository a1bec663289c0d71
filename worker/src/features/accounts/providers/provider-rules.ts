import type { BetterAuthPlugin, GenericEndpointContext } from '@better-auth/core';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import type { BetterAuthOptions } from 'better-auth/types';
import { z } from 'zod';
import { preferredLocale } from '../../../platform/locale.ts';
import type { RecordSecurityEvent } from '../../../platform/security-events.ts';
import type { FactorStore } from '../factors/factor-store.ts';
import { localeOf, occasionOf } from '../people.ts';
import type { SendMail } from '../ports.ts';
import type { AccountStore } from '../store.ts';

/** What the rules need. */
export interface ProviderRuleParts {
  store: AccountStore;
  factors: FactorStore;
  sendMail: SendMail;
  record: RecordSecurityEvent;
  isSignUpOpen: boolean;
}

const CALLBACK = '/callback/:id';
type ValidateUserInfo = NonNullable<NonNullable<BetterAuthOptions['user']>['validateUserInfo']>;

/**
 * Returns what decides whom a provider may bring. Whoever comes for the first time must have an address that the
 * provider has checked, else an account could be made, or taken over, under somebody else's.
 */
export function validateUserInfo({ store, isSignUpOpen }: Pick<ProviderRuleParts, 'store' | 'isSignUpOpen'>) {
  const validate: ValidateUserInfo = async ({ user, source }) => {
    if (source.method !== 'oauth' || source.action === 'sign-in') return undefined;
    if (user.emailVerified !== true) return { error: 'email_not_verified' };
    if (source.action !== 'create-user' || isSignUpOpen || !(await store.hasAccounts())) return undefined;
    return { error: 'sign_up_closed' };
  };
  return validate;
}

const path = z.string().max(500).optional();

/** What a page may say. ID tokens are fetched by the Worker alone, and scopes are not for pages to ask for. */
const formSchema = z.strictObject({
  provider: z.string().max(40),
  callbackURL: path,
  newUserCallbackURL: path,
  errorCallbackURL: path,
  disableRedirect: z.boolean().optional(),
});

function originOf(ctx: { request?: Request | undefined } | null | undefined) {
  return ctx?.request === undefined ? {} : { request: ctx.request };
}

/** Returns our rules around signing in with providers. */
export function providerRules(parts: ProviderRuleParts): BetterAuthPlugin {
  const { store, factors, sendMail, record } = parts;
  /** Requests that have made an account: their first connection is no news to anybody. */
  const signUps = new WeakSet<Request>();

  const before = createAuthMiddleware(async (ctx) => {
    const parsed = formSchema.safeParse(ctx.body);
    if (!parsed.success) {
      throw new APIError('BAD_REQUEST', {
        code: 'VALIDATION_ERROR',
        message: 'This is not what the form sends.',
      });
    }
    return { context: { body: { ...parsed.data, callbackURL: parsed.data.callbackURL ?? '/' } } };
  });

  const after = createAuthMiddleware(async (ctx) => {
    const user = ctx.context.newSession?.user;
    if (user === undefined) return;
    const details = { method: 'provider', provider: String(ctx.params?.id) } as const;
    await record({ event: 'signed_in', actorId: user.id, subjectId: user.id, details, ...originOf(ctx) });
  });

  async function afterConnecting(userId: string, provider: string, ctx: GenericEndpointContext | null) {
    if (ctx?.request !== undefined && signUps.has(ctx.request)) return;
    const user = await store.findUser(userId);
    if (user === null || ctx === null) return;
    const signedIn = await getSessionFromCtx(ctx);
    await store.endOtherSessions(userId, signedIn?.user.id === userId ? signedIn.session.id : null);
    await factors.forgetDevices(userId);
    await sendMail({
      to: user.email,
      locale: localeOf(user),
      template: 'two_factor_changed',
      data: { name: user.name, change: 'provider_linked', ...occasionOf(ctx.request) },
    });
    const details = { provider };
    await record({ event: 'provider_linked', actorId: userId, subjectId: userId, details, ...originOf(ctx) });
  }

  return {
    id: 'melro-provider-rules',
    hooks: {
      before: [
        { matcher: (ctx) => ctx.path === '/sign-in/social' || ctx.path === '/link-social', handler: before },
      ],
      after: [{ matcher: (ctx) => ctx.path === CALLBACK, handler: after }],
    },
    init: () => ({
      options: {
        databaseHooks: {
          user: {
            create: {
              before: async (user, context) => {
                if (context?.path !== CALLBACK) return undefined;
                const { handle } = user as { handle?: unknown };
                const locale = preferredLocale(context.headers?.get('accept-language') ?? null);
                return { data: { ...user, handle: await store.freeHandle(String(handle)), locale } };
              },
              after: async ({ id }, context) => {
                if (context?.path !== CALLBACK) return;
                if (context.request !== undefined) signUps.add(context.request);
                const details = { provider: String(context.params?.id) };
                await record({
                  event: 'signed_up',
                  actorId: id,
                  subjectId: id,
                  details,
                  ...originOf(context),
                });
              },
            },
          },
          account: {
            create: {
              after: async ({ userId, providerId }, context) => {
                if (providerId !== 'credential') await afterConnecting(userId, providerId, context);
              },
            },
          },
        },
      },
    }),
  };
}
