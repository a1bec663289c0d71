import type { BetterAuthOptions } from 'better-auth/types';
import { authHooks } from './auth-hooks.ts';
import type { AuthParts } from './auth-parts.ts';
import { endAccess } from './end-access.ts';
import { claimsOf, localeOf, occasionOf, originOf } from './people.ts';
import {
  expiryMs,
  networkOf,
  newSessionToken,
  RESET_SECONDS,
  VERIFICATION_SECONDS,
} from './session-policy.ts';

/** better-auth makes sessions that are not to be remembered end after a day; ours end later than that in any case. */
const NOT_REMEMBERED_MS = 25 * 3_600_000;

type Person = { id: string; email: string; name: string };

/** Returns what happens around sign-up, sign-in and links: mail, the first admin, what is kept of a session. */
export function authFlows(parts: AuthParts) {
  const { isProduction, store, factors, sendMail, adoptUnowned, record } = parts;
  const to = (person: Person) => ({ to: person.email, locale: localeOf(person) });
  const link = ({ name }: Person, token: string, seconds: number) => ({
    name,
    token,
    expiresInMinutes: seconds / 60,
  });
  const send = async (message: Parameters<typeof sendMail>[0]) => void (await sendMail(message));
  return {
    emailAndPassword: {
      sendResetPassword: ({ user, token }) =>
        send({ ...to(user), template: 'reset_password', data: link(user, token, RESET_SECONDS) }),
      onExistingUserSignUp: ({ user }) =>
        send({ ...to(user), template: 'existing_account_notice', data: { name: user.name } }),
      onPasswordReset: async ({ user }, request) => {
        await factors.forgetDevices(user.id);
        // Whoever has to do this may have lost the account to somebody, who would have left a way back in.
        const isAccessEnded = await endAccess(parts, user.id, request);
        await send({
          ...to(user),
          template: 'password_changed',
          data: { name: user.name, isAccessEnded, ...occasionOf(request) },
        });
        const [actorId, subjectId] = [user.id, user.id];
        await record({ event: 'password_reset', actorId, subjectId, ...(request && { request }) });
      },
    },
    emailVerification: {
      sendVerificationEmail: ({ user, token }) => {
        const template = claimsOf(token).updateTo === undefined ? 'verify_email' : 'change_email_confirm';
        return send({ ...to(user), template, data: link(user, token, VERIFICATION_SECONDS) });
      },
      // In production the first account counts from when its address is known to be its owner's.
      afterEmailVerification: async ({ id }, request) => {
        await store.claimFirstAdmin(id, adoptUnowned);
        await record({ event: 'email_verified', actorId: id, subjectId: id, ...(request && { request }) });
      },
    },
    hooks: authHooks(parts),
    databaseHooks: {
      user: {
        create: {
          after: async ({ id, emailVerified }) => {
            // A provider may have confirmed the address already.
            if (!isProduction || emailVerified) await store.claimFirstAdmin(id, adoptUnowned);
          },
        },
      },
      session: {
        create: {
          before: async (session, context) => {
            const nowMs = session.createdAt.getTime();
            const isRemembered = session.expiresAt.getTime() - nowMs > NOT_REMEMBERED_MS;
            const request = context?.request;
            const { device, city, country } = originOf(request);
            return {
              data: {
                token: newSessionToken(),
                isRemembered,
                expiresAt: new Date(expiryMs({ createdAtMs: nowMs, isRemembered }, nowMs)),
                ipAddress: networkOf(request?.headers.get('cf-connecting-ip') ?? null),
                userAgent: device,
                city,
                country,
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
