import type { GenericEndpointContext } from '@better-auth/core';
import { APIError, getSessionFromCtx } from 'better-auth/api';
import type { AccountStore } from '../store.ts';

/** What asks for a recent sign-in asks for one within this. */
export const FRESH_SECONDS = 15 * 60;

/** Changes that a password in the form also allows. */
const PASSWORD_OR_RECENT = new Set([
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/enable-passkey',
  '/two-factor/disable-passkey',
  '/two-factor/generate-backup-codes',
]);

/** Changes that only a recent sign-in allows. `/change-password` asks for the password itself. */
const RECENT = new Set([
  '/change-email',
  '/passkey/generate-register-options',
  '/passkey/verify-registration',
  '/passkey/delete-passkey',
  '/link-social',
  '/unlink-account',
]);

/** Returns whether a session began recently enough to change how its owner signs in. */
export function isRecent(session: { createdAt: Date | string }, nowMs = Date.now()): boolean {
  return nowMs - new Date(session.createdAt).getTime() < FRESH_SECONDS * 1000;
}

/**
 * Refuses what changes a factor, the address or a connection unless its owner proved who they are a moment ago.
 * Returns what better-auth must be told: it asks everybody for their password, also who has just given it.
 */
export async function requireRecentSignIn(ctx: GenericEndpointContext, store: AccountStore) {
  const path = ctx.path ?? '';
  if (!RECENT.has(path) && !PASSWORD_OR_RECENT.has(path)) return undefined;
  const signedIn = await getSessionFromCtx(ctx);
  // better-auth says by itself that nobody is signed in.
  if (signedIn === null) return undefined;
  const { password } = (ctx.body ?? {}) as { password?: unknown };
  if (PASSWORD_OR_RECENT.has(path) && typeof password === 'string' && password !== '') {
    const hasPassword = (await store.findPasswordHash(signedIn.user.id)) !== null;
    // better-auth checks it, but only of those who have one.
    if (hasPassword) return undefined;
  }
  if (!isRecent(signedIn.session)) {
    throw new APIError('FORBIDDEN', {
      code: 'SESSION_NOT_FRESH',
      message: 'Show once more that it is you, then try again.',
    });
  }
  if (!PASSWORD_OR_RECENT.has(path)) return undefined;
  return { context: { context: { internalAdapter: { findCredentialAccount: async () => null } } } };
}
