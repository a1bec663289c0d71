import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import { type Database, runBatch } from '../../platform/db.ts';
import { oauthAccessTokens, oauthRefreshTokens } from './oauth-tables.ts';
import type { UserRow } from './store.ts';
import {
  apiKeys,
  firstAdmin,
  userCredentials,
  userPasskeys,
  userSessions,
  users,
  verifications,
} from './tables.ts';

/** Stands where the first admin was: the place is taken for good, or the next to sign up would be admin. */
const NOBODY = 'nobody';

/** How accounts end. From the moment `deletes_at_ms` on there is no way back, so that who erases need not look again. */
export class LeavingStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Marks an account to be deleted at a time, and ends its sessions, keys and tokens in the same batch; repeated it
   * keeps the time. Returns the time, or null where everybody else would be left without an admin.
   */
  async request(userId: string, deletesAt: Date, now: Date): Promise<Date | null> {
    const isAllowed = or(
      ne(users.role, 'admin'),
      sql`EXISTS (SELECT 1 FROM users other WHERE other.role = 'admin' AND other.id <> ${userId} AND other.deletes_at_ms IS NULL)`,
      sql`NOT EXISTS (SELECT 1 FROM users other WHERE other.id <> ${userId})`,
    );
    const isLeaving = sql`EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND deletes_at_ms IS NOT NULL)`;
    await runBatch(this.#db, [
      this.#db
        .update(users)
        .set({ deletesAt, updatedAt: now })
        .where(and(eq(users.id, userId), isNull(users.deletesAt), isAllowed)),
      this.#db.delete(userSessions).where(and(eq(userSessions.userId, userId), isLeaving)),
      this.#db.delete(apiKeys).where(and(eq(apiKeys.userId, userId), isLeaving)),
      this.#db.delete(oauthAccessTokens).where(and(eq(oauthAccessTokens.userId, userId), isLeaving)),
      this.#db.delete(oauthRefreshTokens).where(and(eq(oauthRefreshTokens.userId, userId), isLeaving)),
    ]);
    const row = await this.#db.select({ at: users.deletesAt }).from(users).where(eq(users.id, userId)).get();
    return row?.at ?? null;
  }

  /** Keeps an account that was to be deleted; false where it is too late, or where it was not to be. */
  async cancel(userId: string, now: Date): Promise<boolean> {
    const { meta } = await this.#db
      .update(users)
      .set({ deletesAt: null, updatedAt: now })
      .where(and(eq(users.id, userId), gt(users.deletesAt, now)));
    return meta.changes > 0;
  }

  /** Returns accounts whose time has come, the longest overdue first. */
  due(now: Date, limit: number): Promise<UserRow[]> {
    return this.#db
      .select()
      .from(users)
      .where(and(isNotNull(users.deletesAt), lte(users.deletesAt, now)))
      .orderBy(asc(users.deletesAt))
      .limit(limit);
  }

  /**
   * Gives up accounts whose address nobody confirmed and which nobody could ever use: no sign-in, no other way in, a
   * listener still. Also those that a crash left without a password. Returns how many.
   */
  async giveUpUnconfirmed(createdBefore: Date, now: Date, limit: number): Promise<number> {
    const none = (table: SQL) => sql`NOT EXISTS (SELECT 1 FROM ${table} WHERE user_id = ${users.id})`;
    const unused = this.#db
      .select({ id: users.id })
      .from(users)
      .where(
        and(
          // Not a parameter: the partial index is used only where the statement itself says so.
          sql`${users.emailVerified} = 0`,
          lt(users.createdAt, createdBefore),
          isNull(users.deletesAt),
          eq(users.role, 'listener'),
          none(sql`${userSessions}`),
          none(sql`${userPasskeys}`),
          sql`NOT EXISTS (SELECT 1 FROM ${userCredentials} WHERE user_id = ${users.id} AND provider_id <> 'credential')`,
        ),
      )
      .orderBy(asc(users.createdAt))
      .limit(limit);
    const { meta } = await this.#db.update(users).set({ deletesAt: now }).where(inArray(users.id, unused));
    return meta.changes;
  }

  /** Removes an account whose time has come and everything that hangs on it; repeated it changes nothing. */
  async erase({ id, email }: { id: string; email: string }): Promise<void> {
    const holds = (text: string) => sql`instr(${verifications.value}, ${text}) > 0`;
    const isTheirs = or(holds(id), holds(email));
    await runBatch(this.#db, [
      this.#db.delete(verifications).where(isTheirs),
      this.#db.update(firstAdmin).set({ userId: NOBODY }).where(eq(firstAdmin.userId, id)),
      // Sessions, credentials, factors, keys, tokens, consents and own clients go with it.
      this.#db.delete(users).where(and(eq(users.id, id), isNotNull(users.deletesAt))),
    ]);
  }
}
