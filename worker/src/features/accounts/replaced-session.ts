import type { BetterAuthPlugin } from '@better-auth/core';
import { createAuthMiddleware } from 'better-auth/api';

/** True where a password was right and a second factor is asked for: the browser has been told to forget its session. */
function isHalf(returned: unknown): boolean {
  return (
    returned !== null && typeof returned === 'object' && Reflect.get(returned, 'twoFactorRedirect') === true
  );
}

/**
 * Returns the rule that who signs in leaves the session they had in this browser (ASVS 5.0, 7.2.4), their own or
 * another's: the browser has no cookie for it any more, and whoever planted or copied that keeps nothing.
 * It comes after the second factor, which takes back what a password alone has made.
 */
export function replacedSession(): BetterAuthPlugin {
  return {
    id: 'melro-replaced-session',
    hooks: {
      after: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (ctx) => {
            const { newSession, returned, authCookies, secret, internalAdapter } = ctx.context;
            if (!newSession && !isHalf(returned)) return;
            const before = await ctx.getSignedCookie(authCookies.sessionToken.name, secret);
            if (before && before !== newSession?.session.token) await internalAdapter.deleteSession(before);
          }),
        },
      ],
    },
  };
}
