import { symmetricDecrypt } from 'better-auth/crypto';
import type { PepperKeys } from '../../../platform/auth/auth-secrets.ts';

const RECOVERY_CODES = 10;
/** Without the letters that look like digits. 32 of them, so ten are 50 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SALT_LENGTH = 16;
/** Key id, salt and HMAC of one code. No code has a dollar sign. */
const KEPT = /^(k\d{1,9})\$([\w-]+)\$[\w-]+$/;

type EncryptionKeys = Parameters<typeof symmetricDecrypt>[0]['key'];

function newRecoveryCode(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => ALPHABET[byte % 32]);
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}

/** Returns ten new recovery codes, as they are shown. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
}

/** Returns a recovery code as it was given out, however it was typed. */
export function normalizeRecoveryCode(typed: unknown): string {
  if (typeof typed !== 'string') return '';
  const letters = typed
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')
    .slice(0, 20);
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** Keeps recovery codes as one text that they cannot be read from. */
export interface RecoveryCodes {
  /** Returns what is kept of codes. What was kept before stays as it is: better-auth writes back what is left. */
  keep(codes: readonly string[]): Promise<string>;
  /** Returns what of `kept` belongs to a code, or an empty text where nothing does. */
  find(kept: string, code: string): Promise<string>;
  /** Returns how many are left. */
  count(kept: string): number;
  /** Returns codes that were encrypted by an earlier version as they are kept now, or null where they are already. */
  renew(kept: string, keys: EncryptionKeys): Promise<string | null>;
}

const base64url = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
const isHashed = (kept: string) => kept.startsWith('[');

/**
 * Returns the keeper of recovery codes: HMAC-SHA-256 under a key that is not in the database, salted once a set, so
 * that trying all that 50 bits can be takes that key as well, and each person anew.
 */
export function recoveryCodes({ current, keys }: PepperKeys): RecoveryCodes {
  async function mac(keyId: string, salt: string, code: string): Promise<string> {
    const bytes = new TextEncoder();
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const secret = bytes.encode(keys[keyId]);
    const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
    const signed = await crypto.subtle.sign('HMAC', key, bytes.encode(`recovery-code ${salt} ${code}`));
    return `${keyId}$${salt}$${base64url(new Uint8Array(signed))}`;
  }

  async function keep(codes: readonly string[]): Promise<string> {
    const salt = base64url(crypto.getRandomValues(new Uint8Array(SALT_LENGTH)));
    const kept = codes.map((code) => (KEPT.test(code) ? code : mac(current, salt, code)));
    return JSON.stringify(await Promise.all(kept));
  }

  return {
    keep,
    find: async (kept, code) => {
      const entries = isHashed(kept) ? (JSON.parse(kept) as string[]) : [];
      const [, keyId = '', salt = ''] = KEPT.exec(entries[0] ?? '') ?? [];
      if (keys[keyId] === undefined) return '';
      const wanted = await mac(keyId, salt, code);
      // What is compared are MACs: how alike two of them are tells nothing about a code.
      return entries.includes(wanted) ? wanted : '';
    },
    count: (kept) => (isHashed(kept) ? (JSON.parse(kept) as string[]).length : RECOVERY_CODES),
    renew: async (kept, encryptionKeys) => {
      if (isHashed(kept) || kept === '') return null;
      return keep(JSON.parse(await symmetricDecrypt({ key: encryptionKeys, data: kept })) as string[]);
    },
  };
}
