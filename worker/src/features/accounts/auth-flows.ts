import type { BetterAuthOptions } from 'better-auth/types';
import { authHooks } from './auth-hooks.ts';
import type { AuthParts } from './auth-parts.ts';
import { claimsOf, localeOf } from './people.ts';
import { expiryMs, networkOf, newSessionToken } from './session-policy.ts';

/** better-auth makes sessions that are not to be remembered end after a day; ours end later than that in any case. */
const NOT_REMEMBERED_MS = 25 * 3_600_000;

type Person = { id: string; email: string; name: string };

/** Returns what happens around sign-up, sign-in and links: mail, the first admin, what is kept of a session. */
export function authFlows(parts: AuthParts) {
  const { isProduction, store, sendMail, adoptUnowned } = parts;
  const to = (person: Person) => ({ to: person.email, locale: localeOf(person) });
  const data = ({ name }: Person) => ({ name });
  return {
    emailAndPassword: {
      sendResetPassword: ({ user, token }) =>
        sendMail({ ...to(user), template: 'reset_password', data: { ...data(user), token } }),
      onExistingUserSignUp: ({ user }) =>
        sendMail({ ...to(user), template: 'existing_account_notice', data: data(user) }),
      onPasswordReset: ({ user }) =>
        sendMail({ ...to(user), template: 'password_changed', data: data(user) }),
    },
    emailVerification: {
      sendVerificationEmail: ({ user, token }) => {
        const template = claimsOf(token).updateTo === undefined ? 'verify_email' : 'change_email_confirm';
        return sendMail({ ...to(user), template, data: { ...data(user), token } });
      },
      // In production the first account counts from when its address is known to be its owner's.
      afterEmailVerification: ({ id }) => store.claimFirstAdmin(id, adoptUnowned),
    },
    hooks: authHooks(parts),
    databaseHooks: {
      user: {
        create: {
          after: async ({ id }) => {
            if (!isProduction) await store.claimFirstAdmin(id, adoptUnowned);
          },
        },
      },
      session: {
        create: {
          before: async (session, context) => {
            const nowMs = Date.now();
            const isRemembered = session.expiresAt.getTime() - nowMs > NOT_REMEMBERED_MS;
            const request = context?.request as Request<unknown, IncomingRequestCfProperties> | undefined;
            return {
              data: {
                token: newSessionToken(),
                isRemembered,
                expiresAt: new Date(expiryMs({ createdAtMs: nowMs, isRemembered }, nowMs)),
                ipAddress: networkOf(request?.headers.get('cf-connecting-ip') ?? null),
                userAgent: request?.headers.get('user-agent')?.slice(0, 300) ?? null,
                city: request?.cf?.city?.slice(0, 100) ?? null,
                country: request?.cf?.country ?? null,
              },
            };
          },
        },
      },
    },
  } satisfies {
    emailAndPassword: Partial<NonNullable<BetterAuthOptions['emailAndPassword']>>;
    emailVerification: NonNullable<BetterAuthOptions['emailVerification']>;
    hooks: NonNullable<BetterAuthOptions['hooks']>;
    databaseHooks: NonNullable<BetterAuthOptions['databaseHooks']>;
  };
}
