import type { BetterAuthPlugin, GenericEndpointContext } from '@better-auth/core';
import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { constantTimeEqual, symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { z } from 'zod';
import { localeOf } from '../people.ts';
import type { SendMail } from '../ports.ts';
import type { FactorStore } from './factor-store.ts';
import { FRESH_SECONDS } from './recent-sign-in.ts';
import { normalizeCode, useCode } from './totp.ts';

const EMAIL_CODE_MINUTES = 10;
const EMAIL_CODE_ATTEMPTS = 5;

const proofSchema = z.union([
  z.strictObject({ password: z.string().min(1).max(1000) }),
  z.strictObject({ code: z.string().min(1).max(20) }),
  z.strictObject({ emailCode: z.string().min(1).max(20) }),
]);
type Proof = z.infer<typeof proofSchema>;

interface Person {
  id: string;
  email: string;
  name: string;
  emailVerified: boolean;
}

function refused(code: 'INVALID_PASSWORD' | 'INVALID_CODE'): APIError {
  const what =
    code === 'INVALID_PASSWORD' ? 'The password is wrong.' : 'The code is wrong, late or was used.';
  return new APIError('UNAUTHORIZED', { code, message: what });
}

/** Six digits without bias: a multiple of a million is the largest number drawn. */
function newEmailCode(): string {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn < 4_294_000_000 ? String(drawn % 1_000_000).padStart(6, '0') : newEmailCode();
}

const slotOf = (sessionId: string) => `email-code-${sessionId}`;

/** Returns whether a code that was mailed to this session's owner was typed back. Uses up the code or an attempt. */
async function useEmailCode(ctx: GenericEndpointContext, sessionId: string, typed: string): Promise<boolean> {
  const { internalAdapter, secretConfig } = ctx.context;
  const identifier = slotOf(sessionId);
  // Taken out first, so that guesses at the same time cannot share an attempt.
  const kept = await internalAdapter.consumeVerificationValue(identifier);
  if (kept === null) return false;
  const { attempts, sealed } = JSON.parse(kept.value) as { attempts: number; sealed: string };
  const code = await symmetricDecrypt({ key: secretConfig, data: sealed });
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (constantTimeEqual(bytes(code), bytes(typed))) return true;
  if (attempts + 1 < EMAIL_CODE_ATTEMPTS) {
    const value = JSON.stringify({ attempts: attempts + 1, sealed });
    await internalAdapter.createVerificationValue({ identifier, value, expiresAt: kept.expiresAt });
  }
  return false;
}

/**
 * Returns the endpoints by which somebody who is signed in shows once more that it is them: with the password, a code
 * of their authenticator app, or, where they have neither and no passkey, a code by mail. With a passkey they sign in
 * again. The session goes on under a new token (ASVS 5.0, 7.2.4).
 */
export function reauthentication(store: FactorStore, sendMail: SendMail) {
  async function prove(ctx: GenericEndpointContext, user: Person, sessionId: string, proof: Proof) {
    if ('password' in proof) {
      const { internalAdapter, password } = ctx.context;
      const hash = (await internalAdapter.findCredentialAccount(user.id))?.password;
      const isRight = hash && (await password.verify({ hash, password: proof.password }));
      if (!isRight) throw refused('INVALID_PASSWORD');
    } else if ('code' in proof) {
      const totp = await store.findTotp(user.id);
      const code = normalizeCode(proof.code);
      const isRight = totp?.isConfirmed && (await useCode(store, ctx.context.secretConfig, user.id, code));
      if (!isRight) throw refused('INVALID_CODE');
    } else if (!(await useEmailCode(ctx, sessionId, normalizeCode(proof.emailCode)))) {
      throw refused('INVALID_CODE');
    }
  }

  return {
    id: 'melro-reauthentication',
    endpoints: {
      reauthenticate: createAuthEndpoint(
        '/reauthenticate',
        { method: 'POST', body: proofSchema, use: [sessionMiddleware] },
        async (ctx) => {
          const { user, session } = ctx.context.session;
          await prove(ctx, user, session.id, ctx.body);
          const isBrief = (session as { isRemembered?: boolean }).isRemembered === false;
          const renewed = await ctx.context.internalAdapter.createSession(user.id, isBrief);
          await ctx.context.internalAdapter.deleteSession(session.token);
          await setSessionCookie(ctx, { session: renewed, user }, isBrief);
          return ctx.json({ status: true, recentForSeconds: FRESH_SECONDS });
        },
      ),
      sendReauthenticationCode: createAuthEndpoint(
        '/reauthenticate/send-code',
        { method: 'POST', use: [sessionMiddleware] },
        async (ctx) => {
          const { user, session } = ctx.context.session;
          const { hasPassword, hasTotp, passkeyIds } = await store.findWaysIn(user.id);
          if (hasPassword || hasTotp || passkeyIds.length > 0 || !user.emailVerified) {
            throw new APIError('CONFLICT', {
              code: 'STRONGER_PROOF_AVAILABLE',
              message:
                'A code by mail is for those who have neither a password nor a factor, and whose address is confirmed.',
            });
          }
          const code = newEmailCode();
          const sealed = await symmetricEncrypt({ key: ctx.context.secretConfig, data: code });
          await ctx.context.internalAdapter.createVerificationValue({
            identifier: slotOf(session.id),
            value: JSON.stringify({ attempts: 0, sealed }),
            expiresAt: new Date(Date.now() + EMAIL_CODE_MINUTES * 60_000),
          });
          await sendMail({
            to: user.email,
            locale: localeOf(user),
            template: 'email_code',
            data: { name: user.name, code, expiresInMinutes: EMAIL_CODE_MINUTES },
          });
          return ctx.json({ status: true });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
