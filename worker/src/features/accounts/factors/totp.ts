import { createOTP } from '@better-auth/utils/otp';
import { constantTimeEqual, symmetricDecrypt } from 'better-auth/crypto';
import type { FactorStore } from './factor-store.ts';

/** What every authenticator app assumes where it is not told otherwise (RFC 6238). */
export const TOTP = { digits: 6, period: 30 } as const;
/**
 * Half minutes that a code may be old: one, so that who reads it in its last second has time to type (RFC 6238, 5.2).
 * None ahead: phones ask the network for the time, and a code is typed seconds after it was shown.
 */
const STEPS_BACK = 1;

type EncryptionKeys = Parameters<typeof symmetricDecrypt>[0]['key'];

/** Returns the digits of a code as it was typed, `123 456` among them. */
export function normalizeCode(typed: unknown): string {
  return typeof typed === 'string' ? typed.replace(/[\s-]/g, '').slice(0, 20) : '';
}

/** Returns the time step that a code belongs to, or null where it belongs to none of those that are accepted now. */
export async function stepOf(secret: string, code: string, nowMs: number): Promise<number | null> {
  const otp = createOTP(secret, TOTP);
  const current = Math.floor(nowMs / (TOTP.period * 1000));
  const bytes = (text: string) => new TextEncoder().encode(text);
  let found: number | null = null;
  for (let step = current - STEPS_BACK; step <= current; step++) {
    if (constantTimeEqual(bytes(code), bytes(await otp.hotp(step)))) found = step;
  }
  return found;
}

/** Uses a code of somebody's authenticator app up. Returns false where it is wrong, late or was used before. */
export async function useCode(
  store: FactorStore,
  keys: EncryptionKeys,
  userId: string,
  code: string,
): Promise<boolean> {
  const totp = await store.findTotp(userId);
  if (totp === null) return false;
  const step = await stepOf(await symmetricDecrypt({ key: keys, data: totp.secret }), code, Date.now());
  return step !== null && (await store.useTimeStep(userId, step));
}
