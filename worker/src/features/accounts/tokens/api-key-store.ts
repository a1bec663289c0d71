import { and, count, desc, eq, gt, isNull, or } from 'drizzle-orm';
import type { Database } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import type { UserRow } from '../store.ts';
import { apiKeys, users } from '../tables.ts';

export type ApiKeyRow = typeof apiKeys.$inferSelect;
type NewApiKey = Omit<typeof apiKeys.$inferInsert, 'id' | 'lastUsedAtMs'>;

/** More keys than this nobody keeps apart. */
const MAX_KEYS = 50;

/** The only writer of `api_keys`. */
export class ApiKeyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Keeps a new key; returns null where its owner has as many as anyone may. */
  async create(key: NewApiKey): Promise<ApiKeyRow | null> {
    const kept = await this.#db
      .select({ keys: count() })
      .from(apiKeys)
      .where(eq(apiKeys.userId, key.userId))
      .get();
    if ((kept?.keys ?? 0) >= MAX_KEYS) return null;
    const [row] = await this.#db
      .insert(apiKeys)
      .values({ ...key, id: newId('key') })
      .returning();
    return row ?? null;
  }

  /** Returns a person's keys, newest first, also those that have expired. */
  list(userId: string): Promise<ApiKeyRow[]> {
    return this.#db
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.userId, userId))
      .orderBy(desc(apiKeys.id))
      .limit(MAX_KEYS);
  }

  /** Revokes one key of a person at once and for good; returns whether there was one. */
  async remove(userId: string, keyId: string): Promise<boolean> {
    const { meta } = await this.#db
      .delete(apiKeys)
      .where(and(eq(apiKeys.id, keyId), eq(apiKeys.userId, userId)));
    return meta.changes > 0;
  }

  /** Returns the live key of a hash and its owner, or null. One read. */
  async findLive(keyHash: string, nowMs: number): Promise<{ key: ApiKeyRow; owner: UserRow } | null> {
    const found = await this.#db
      .select({ key: apiKeys, owner: users })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(
        and(eq(apiKeys.keyHash, keyHash), or(isNull(apiKeys.expiresAtMs), gt(apiKeys.expiresAtMs, nowMs))),
      )
      .get();
    return found ?? null;
  }

  /** Notes that a key was used; of many uses at the same time one writes. */
  async touch({ id, lastUsedAtMs }: ApiKeyRow, nowMs: number): Promise<void> {
    const isAsRead =
      lastUsedAtMs === null ? isNull(apiKeys.lastUsedAtMs) : eq(apiKeys.lastUsedAtMs, lastUsedAtMs);
    await this.#db
      .update(apiKeys)
      .set({ lastUsedAtMs: nowMs })
      .where(and(eq(apiKeys.id, id), isAsRead));
  }
}
