import { type Permission, permissionsWithin } from '../../../platform/auth/permissions.ts';
import type { Principal } from '../../../platform/auth/principal.ts';
import { principalOf } from '../people.ts';
import type { ApiKeyRow, ApiKeyStore } from './api-key-store.ts';

/** What every key begins with, so that people and scanners for leaked secrets know one when they see it. */
export const API_KEY_PREFIX = 'mlr_';

/** `mlr_` and 256 random bits in base64url. */
const API_KEY = /^mlr_[A-Za-z0-9_-]{43}$/;

/** So much of a key is kept in the open. */
const START_LENGTH = API_KEY_PREFIX.length + 4;

/** Uses are noted to the nearest minute, so that using a key does not mean writing. */
const TOUCH_AFTER_MS = 60_000;

const DAY_MS = 86_400_000;

/** SHA-256 is enough for 256 random bits: there is nothing to guess. */
async function hashKey(key: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))).toHex();
}

/** What somebody asks a key for. */
export interface KeyWish {
  name: string;
  scopes: readonly Permission[];
  /** Null for one that never expires. */
  expiresInDays: number | null;
}

/** Makes a key for somebody and returns it, once and never again; null where they have too many. */
export async function createApiKey(
  store: ApiKeyStore,
  userId: string,
  { name, scopes, expiresInDays }: KeyWish,
  nowMs: number,
): Promise<{ key: string; row: ApiKeyRow } | null> {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const key = `${API_KEY_PREFIX}${random.toBase64({ alphabet: 'base64url', omitPadding: true })}`;
  const row = await store.create({
    userId,
    keyHash: await hashKey(key),
    start: key.slice(0, START_LENGTH),
    name,
    scopes: [...new Set(scopes)].join(' '),
    createdAtMs: nowMs,
    expiresAtMs: expiresInDays === null ? null : nowMs + expiresInDays * DAY_MS,
  });
  return row && { key, row };
}

/**
 * Returns whom an API key speaks for: null for whatever is not one, was revoked, has expired, or has lost its owner.
 * It may do what it was made for and its owner may still do. Costs one indexed read, and a write a minute.
 */
export function apiKeyResolver(store: ApiKeyStore) {
  return async (token: string): Promise<Principal | null> => {
    if (!API_KEY.test(token)) return null;
    const nowMs = Date.now();
    const found = await store.findLive(await hashKey(token), nowMs);
    if (found === null) return null;
    const { key, owner } = found;
    if (nowMs - (key.lastUsedAtMs ?? 0) >= TOUCH_AFTER_MS) await store.touch(key, nowMs);
    const permissions = permissionsWithin(owner.role, key.scopes.split(' '));
    return principalOf(owner, { permissions, ambient: false, sessionId: null, apiKeyId: key.id });
  };
}
