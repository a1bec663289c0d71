import type { GenericEndpointContext } from '@better-auth/core';
import { passkey } from '@better-auth/passkey';
import { APIError } from 'better-auth/api';
import { expireCookie } from 'better-auth/cookies';

export const MAX_PASSKEYS = 20;

const ADDRESS = /^(?:[\d.]+|\[.*\])$/;

/**
 * Returns the name that passkeys are bound to (WebAuthn's RP ID): the host that people reach. Null where that is an
 * address, which browsers make no passkeys for.
 */
export function relyingPartyId(publicOrigin: string): string | null {
  const { hostname } = new URL(publicOrigin);
  return ADDRESS.test(hostname) ? null : hostname;
}

/** What a sign-in is called by while it waits for its second factor, and whose it is; null where none waits. */
export async function halfSignedIn(ctx: GenericEndpointContext): Promise<string | null> {
  const cookie = ctx.context.createAuthCookie('two_factor');
  const identifier = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
  if (!identifier) return null;
  const kept = await ctx.context.internalAdapter.findVerificationValue(identifier);
  return kept === null || kept.expiresAt < new Date() ? null : kept.value;
}

/** A passkey is both factors at once, so what waited for a second one is over. */
async function endHalfSignIn(ctx: GenericEndpointContext): Promise<void> {
  const cookie = ctx.context.createAuthCookie('two_factor');
  const identifier = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
  if (!identifier) return;
  await ctx.context.internalAdapter.consumeVerificationValue(identifier);
  expireCookie(ctx, cookie);
}

function requireVerifiedUser(isVerified: boolean | undefined): void {
  if (isVerified === true) return;
  throw new APIError('UNAUTHORIZED', {
    code: 'USER_NOT_VERIFIED',
    message: 'The device did not check that it is you: it needs a PIN, a fingerprint or the like.',
  });
}

/**
 * Returns better-auth's passkeys, bound to the public origin. Its own options ask for the person to be verified by
 * the device only where that is convenient; here it is required, for a passkey stands in for both factors.
 */
export function passkeys(publicOrigin: string, isProduction: boolean) {
  return passkey({
    rpID: relyingPartyId(publicOrigin) ?? 'localhost',
    rpName: 'Melro',
    // In development the pages may be served from another port; better-auth has checked the origin by then.
    ...(isProduction ? { origin: publicOrigin } : {}),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    registration: {
      afterVerification: ({ verification }) =>
        requireVerifiedUser(verification.registrationInfo?.userVerified) as undefined,
    },
    authentication: {
      afterVerification: async ({ ctx, verification }) => {
        requireVerifiedUser(verification.authenticationInfo.userVerified);
        await endHalfSignIn(ctx);
      },
    },
    advanced: { webAuthnChallengeCookie: 'passkey_challenge' },
  });
}
