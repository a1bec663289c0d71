import { and, desc, eq, gt, inArray, lt, ne, or, sql } from 'drizzle-orm';
import type { Role } from '../../platform/auth/permissions.ts';
import { type Database, inChunks, runBatch } from '../../platform/db.ts';
import type { StoredImage } from '../../platform/images.ts';
import type { AdoptUnowned } from './ports.ts';
import { expiryMs, TOUCH_AFTER_MS } from './session-policy.ts';
import { firstAdmin, userCredentials, userSessions, users, verifications } from './tables.ts';

export type UserRow = typeof users.$inferSelect;
export type SessionRow = typeof userSessions.$inferSelect;

/** What people change of their own row; what is undefined stays. */
export type ProfileChange = {
  [Field in 'name' | 'handle' | 'locale' | 'bio' | 'profileVisibility']?: UserRow[Field] | undefined;
};

/** More sessions than this nobody looks through. */
const MAX_LISTED = 100;
const SWEPT_AT_ONCE = 500;

/** What accounts read and write of their tables beside better-auth. */
export class AccountStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async findUser(userId: string): Promise<UserRow | null> {
    return (await this.#db.select().from(users).where(eq(users.id, userId)).get()) ?? null;
  }

  /** Returns the id of the account with an address, given in lower case. */
  async findIdByEmail(email: string): Promise<string | null> {
    const row = await this.#db.select({ id: users.id }).from(users).where(eq(users.email, email)).get();
    return row?.id ?? null;
  }

  async findByHandle(handle: string): Promise<UserRow | null> {
    return (await this.#db.select().from(users).where(eq(users.handle, handle)).get()) ?? null;
  }

  /** Returns the handles of those of `ids` (any number) who have an account. */
  async handlesOf(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .select({ id: users.id, handle: users.handle })
        .from(users)
        .where(inArray(users.id, chunk))
        .all(),
    );
    return new Map(rows.map(({ id, handle }) => [id, handle]));
  }

  /** Returns a handle that nobody has, `wished` if it can be. It may be taken by the time it is written. */
  async freeHandle(wished: string): Promise<string> {
    if ((await this.findByHandle(wished)) === null) return wished;
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    return `${wished.slice(0, 22)}_${random.toString(36).padStart(7, '0')}`;
  }

  /** Returns whether anybody has an account here; the first one may be made even where sign-up is closed. */
  async hasAccounts(): Promise<boolean> {
    return (await this.#db.select({ id: users.id }).from(users).limit(1).get()) !== undefined;
  }

  /** Changes a profile. Returns null where the handle was taken in the meantime. */
  async updateUser(userId: string, change: ProfileChange, now: Date): Promise<UserRow | null> {
    const { handle } = change;
    const isFree =
      handle === undefined
        ? undefined
        : sql`NOT EXISTS (SELECT 1 FROM users taken WHERE taken.handle = ${handle} AND taken.id <> ${userId})`;
    const [row] = await this.#db
      .update(users)
      .set({ ...change, updatedAt: now })
      .where(and(eq(users.id, userId), isFree))
      .returning();
    return row ?? null;
  }

  /** Changes a person's picture where it is still the one that was read; returns whether it was. */
  async setAvatar(
    userId: string,
    from: StoredImage | null,
    avatar: StoredImage | null,
    now: Date,
  ): Promise<boolean> {
    const isSame = sql`json_extract(${users.avatar}, '$.imageId') IS ${from?.imageId ?? null}`;
    const { meta } = await this.#db
      .update(users)
      .set({ avatar, updatedAt: now })
      .where(and(eq(users.id, userId), isSame));
    return meta.changes > 0;
  }

  /** Makes a listener an artist; who is more stays what they are. Returns the person as they are now. */
  async becomeArtist(userId: string, now: Date): Promise<UserRow | null> {
    await this.#db
      .update(users)
      .set({ role: 'artist', updatedAt: now })
      .where(and(eq(users.id, userId), eq(users.role, 'listener')));
    return this.findUser(userId);
  }

  /** Gives somebody a role. Returns null where that would leave the installation without an admin. */
  async setRole(userId: string, role: Role, now: Date): Promise<UserRow | null> {
    const staysGoverned =
      role === 'admin'
        ? undefined
        : sql`EXISTS (SELECT 1 FROM users other WHERE other.role = 'admin' AND other.id <> ${userId} AND other.deletes_at_ms IS NULL)`;
    const [row] = await this.#db
      .update(users)
      .set({ role, updatedAt: now })
      .where(
        and(
          eq(users.id, userId),
          staysGoverned === undefined ? undefined : or(ne(users.role, 'admin'), staysGoverned),
        ),
      )
      .returning();
    return row ?? null;
  }

  /**
   * Makes the first account of the installation its admin and the owner of what there was before accounts.
   * One batch and one row decide, so of many at the same time exactly one is first; repeating it changes nothing.
   */
  async claimFirstAdmin(userId: string, adopt: AdoptUnowned): Promise<void> {
    const isFirst = sql`EXISTS (SELECT 1 FROM first_admin WHERE user_id = ${userId})`;
    const role: Role = 'admin';
    const claimed = await this.#db.select().from(firstAdmin).get();
    if (claimed !== undefined) return;
    await runBatch(this.#db, [
      this.#db.insert(firstAdmin).values({ one: 1, userId }).onConflictDoNothing(),
      this.#db
        .update(users)
        .set({ role })
        .where(and(eq(users.id, userId), isFirst)),
      ...adopt(userId, isFirst),
    ]);
  }

  /** Returns the first admin's id, or null while there is none. */
  async firstAdminId(): Promise<string | null> {
    const found = await this.#db
      .select({ id: users.id })
      .from(firstAdmin)
      .innerJoin(users, eq(users.id, firstAdmin.userId))
      .get();
    return found?.id ?? null;
  }

  /** Returns the live session of a token's hash and its owner, or null. One read. */
  async findSession(tokenHash: string, now: Date): Promise<{ session: SessionRow; user: UserRow } | null> {
    const found = await this.#db
      .select({ session: userSessions, user: users })
      .from(userSessions)
      .innerJoin(users, eq(users.id, userSessions.userId))
      .where(and(eq(userSessions.token, tokenHash), gt(userSessions.expiresAt, now)))
      .get();
    return found ?? null;
  }

  /** Notes that a session was used, and moves its idle end; writes only where the last note is old. */
  async touch(session: SessionRow, now: Date): Promise<void> {
    if (now.getTime() - session.updatedAt.getTime() < TOUCH_AFTER_MS) return;
    const { isRemembered } = session;
    const expiresAt = new Date(
      expiryMs({ createdAtMs: session.createdAt.getTime(), isRemembered }, now.getTime()),
    );
    await this.#db
      .update(userSessions)
      .set({ updatedAt: now, expiresAt })
      .where(and(eq(userSessions.id, session.id), eq(userSessions.updatedAt, session.updatedAt)));
  }

  /** Returns a person's live sessions, newest first. */
  listSessions(userId: string, now: Date): Promise<SessionRow[]> {
    return this.#db
      .select()
      .from(userSessions)
      .where(and(eq(userSessions.userId, userId), gt(userSessions.expiresAt, now)))
      .orderBy(desc(userSessions.id))
      .limit(MAX_LISTED);
  }

  /** Ends one session of a person; returns whether there was one. */
  async endSession(userId: string, sessionId: string): Promise<boolean> {
    const { meta } = await this.#db
      .delete(userSessions)
      .where(and(eq(userSessions.id, sessionId), eq(userSessions.userId, userId)));
    return meta.changes > 0;
  }

  /** Ends every session of a person but one; returns how many. */
  async endOtherSessions(userId: string, sessionId: string | null): Promise<number> {
    const { meta } = await this.#db
      .delete(userSessions)
      .where(and(eq(userSessions.userId, userId), ne(userSessions.id, sessionId ?? '')));
    return meta.changes;
  }

  async findPasswordHash(userId: string): Promise<string | null> {
    const row = await this.#db
      .select({ hash: userCredentials.password })
      .from(userCredentials)
      .where(and(eq(userCredentials.userId, userId), eq(userCredentials.providerId, 'credential')))
      .get();
    return row?.hash ?? null;
  }

  /** Puts a newer hash of the same password in place of an old one, unless the password has changed meanwhile. */
  async replacePasswordHash(userId: string, from: string, to: string): Promise<void> {
    await this.#db
      .update(userCredentials)
      .set({ password: to })
      .where(and(eq(userCredentials.userId, userId), eq(userCredentials.password, from)));
  }

  /** Removes sessions and single-use values that have expired, some at a time; returns how many. */
  async removeExpired(now: Date): Promise<number> {
    const sessions = this.#db
      .select({ id: userSessions.id })
      .from(userSessions)
      .where(lt(userSessions.expiresAt, now))
      .limit(SWEPT_AT_ONCE);
    const values = this.#db
      .select({ id: verifications.id })
      .from(verifications)
      .where(lt(verifications.expiresAt, now))
      .limit(SWEPT_AT_ONCE);
    const results = await runBatch(this.#db, [
      this.#db.delete(userSessions).where(inArray(userSessions.id, sessions)),
      this.#db.delete(verifications).where(inArray(verifications.id, values)),
    ]);
    return results.reduce((sum, { meta }) => sum + meta.changes, 0);
  }
}
