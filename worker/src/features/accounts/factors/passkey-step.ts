import type { BetterAuthPlugin, GenericEndpointContext } from '@better-auth/core';
import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api';
import { z } from 'zod';
import type { FactorStore } from './factor-store.ts';
import { newRecoveryCodes, type RecoveryCodes } from './recovery-codes.ts';

/** The password, for those whose sign-in is not recent. */
export const proofSchema = z.strictObject({ password: z.string().min(1).max(1000).optional() });

/** Refuses a wrong password. Whether one is needed was decided before: see recent-sign-in.ts. */
export async function confirmPassword(ctx: GenericEndpointContext, userId: string): Promise<void> {
  const credential = await ctx.context.internalAdapter.findCredentialAccount(userId);
  if (credential?.password) await ctx.context.password.checkPassword(userId, ctx);
}

/**
 * Returns the endpoints that make a passkey the second factor of who signs in by a password or a provider, with no
 * authenticator app beside it, and the one that tells what is asked for.
 */
export function passkeyStep(store: FactorStore, codes: RecoveryCodes, hasPasskeys: boolean) {
  return {
    id: 'melro-passkey-step',
    endpoints: {
      twoFactorStatus: createAuthEndpoint(
        '/two-factor/status',
        { method: 'GET', use: [sessionMiddleware] },
        async (ctx) => {
          const { hasTotp, asksPasskey, recoveryCodes } = await store.findSteps(ctx.context.session.user.id);
          const isOn = hasTotp || asksPasskey;
          const recoveryCodesLeft = isOn && recoveryCodes !== null ? codes.count(recoveryCodes) : 0;
          return ctx.json({ hasTotp, asksPasskey, recoveryCodesLeft });
        },
      ),
      enablePasskeyStep: createAuthEndpoint(
        '/two-factor/enable-passkey',
        { method: 'POST', body: proofSchema, use: [sessionMiddleware] },
        async (ctx) => {
          const { user } = ctx.context.session;
          await confirmPassword(ctx, user.id);
          const backupCodes = newRecoveryCodes();
          const kept = hasPasskeys && (await store.askForPasskey(user.id, await codes.keep(backupCodes)));
          if (!kept) {
            throw new APIError('CONFLICT', {
              code: 'NO_PASSKEY',
              message: 'Add a passkey first, then it can be asked for.',
            });
          }
          // Who has recovery codes keeps them; new ones are shown this once.
          return ctx.json({ status: true, ...(kept === 'with new codes' && { backupCodes }) });
        },
      ),
      disablePasskeyStep: createAuthEndpoint(
        '/two-factor/disable-passkey',
        { method: 'POST', body: proofSchema, use: [sessionMiddleware] },
        async (ctx) => {
          const { user } = ctx.context.session;
          await confirmPassword(ctx, user.id);
          await store.stopAskingForPasskey(user.id);
          return ctx.json({ status: true });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
