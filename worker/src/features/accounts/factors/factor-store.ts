import { and, count, eq, exists, isNull, lt, ne, not, or, type SQL, sql } from 'drizzle-orm';
import { type Database, runBatch, type Statement } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { userCredentials, userPasskeys, users, userTwoFactors, verifications } from '../tables.ts';

/** The ways somebody can sign in by. */
export interface WaysIn {
  hasPassword: boolean;
  /** Credentials with providers: id and provider of each. */
  connections: { id: string; providerId: string }[];
  passkeyIds: string[];
  hasTotp: boolean;
}

/** What somebody is asked for after their password. */
export interface Steps {
  hasTotp: boolean;
  asksPasskey: boolean;
  /** As they are kept; null where there are none. */
  recoveryCodes: string | null;
}

/** What second factors read and write beside better-auth. */
export class FactorStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns the encrypted secret of somebody's authenticator app and whether it was ever confirmed, or null. */
  async findTotp(userId: string): Promise<{ secret: string; isConfirmed: boolean } | null> {
    const row = await this.#db
      .select({ secret: userTwoFactors.secret, verified: userTwoFactors.verified })
      .from(userTwoFactors)
      .where(eq(userTwoFactors.userId, userId))
      .get();
    if (row === undefined || row.secret === '') return null;
    return { secret: row.secret, isConfirmed: row.verified !== false };
  }

  async findSteps(userId: string): Promise<Steps> {
    const row = await this.#db.select().from(userTwoFactors).where(eq(userTwoFactors.userId, userId)).get();
    if (row === undefined) return { hasTotp: false, asksPasskey: false, recoveryCodes: null };
    const { verified, asksPasskey, backupCodes } = row;
    return { hasTotp: verified !== false, asksPasskey, recoveryCodes: backupCodes };
  }

  /**
   * Asks for a passkey after somebody's password from now on. `codes` are kept where nothing was asked for before.
   * Returns false where they have no passkey, also where the last one is removed at the same moment.
   */
  async askForPasskey(userId: string, codes: string): Promise<'with new codes' | 'as before' | false> {
    const isOn = sql`COALESCE(${userTwoFactors.verified}, 1) = 1 OR ${userTwoFactors.asksPasskey} = 1`;
    const row = {
      id: newId('tfa'),
      userId,
      secret: '',
      backupCodes: codes,
      verified: false,
      asksPasskey: true,
    };
    await runBatch(this.#db, [
      this.#db
        .insert(userTwoFactors)
        .values(row)
        .onConflictDoUpdate({
          target: userTwoFactors.userId,
          set: {
            asksPasskey: true,
            backupCodes: sql`CASE WHEN ${isOn} THEN ${userTwoFactors.backupCodes} ELSE ${codes} END`,
          },
        }),
      ...this.#settled(userId),
    ]);
    const { asksPasskey, recoveryCodes } = await this.findSteps(userId);
    if (!asksPasskey) return false;
    return recoveryCodes === codes ? 'with new codes' : 'as before';
  }

  /** Asks somebody for a passkey no more. */
  async stopAskingForPasskey(userId: string): Promise<void> {
    await runBatch(this.#db, [
      this.#db.update(userTwoFactors).set({ asksPasskey: false }).where(eq(userTwoFactors.userId, userId)),
      ...this.#settled(userId),
    ]);
  }

  /** Forgets somebody's authenticator app; where a passkey is asked for, that stays, and so do recovery codes. */
  async removeTotp(userId: string): Promise<void> {
    await runBatch(this.#db, [
      this.#db
        .update(userTwoFactors)
        .set({ secret: '', verified: false, lastUsedStep: null })
        .where(eq(userTwoFactors.userId, userId)),
      ...this.#settled(userId),
    ]);
  }

  /** Puts recovery codes in place of others, unless those have changed meanwhile. */
  async replaceRecoveryCodes(userId: string, from: string, to: string): Promise<void> {
    await this.#db
      .update(userTwoFactors)
      .set({ backupCodes: to })
      .where(and(eq(userTwoFactors.userId, userId), eq(userTwoFactors.backupCodes, from)));
  }

  /** What must hold after every change: who has no passkey is not asked for one, and the step is on for a reason. */
  #settled(userId: string): Statement[] {
    const mine = eq(userTwoFactors.userId, userId);
    const asked = this.#db
      .select({ one: sql`1` })
      .from(userTwoFactors)
      .where(
        and(mine, sql`(COALESCE(${userTwoFactors.verified}, 1) = 1 OR ${userTwoFactors.asksPasskey} = 1)`),
      );
    const held = this.#db.select({ one: sql`1` }).from(userPasskeys).where(eq(userPasskeys.userId, userId));
    return [
      this.#db
        .update(userTwoFactors)
        .set({ asksPasskey: false })
        .where(and(mine, not(exists(held)))),
      this.#db
        .delete(userTwoFactors)
        .where(and(mine, eq(userTwoFactors.secret, ''), eq(userTwoFactors.asksPasskey, false))),
      this.#db
        .update(users)
        .set({ twoFactorEnabled: sql`EXISTS ${asked}` })
        .where(eq(users.id, userId)),
    ];
  }

  /** True while somebody has a way in beside one of these rows, by a provider that can be signed in by. */
  #otherWayIn(userId: string, { id, providerIds }: { id: string; providerIds: readonly string[] }): SQL {
    const { providerId, password } = userCredentials;
    const usable = sql`((${providerId} = 'credential' AND ${password} IS NOT NULL) OR ${providerId} IN ${providerIds.length === 0 ? sql`('')` : providerIds})`;
    const credentials = this.#db
      .select({ one: sql`1` })
      .from(userCredentials)
      .where(and(eq(userCredentials.userId, userId), ne(userCredentials.id, id), usable));
    const passkeys = this.#db
      .select({ one: sql`1` })
      .from(userPasskeys)
      .where(and(eq(userPasskeys.userId, userId), ne(userPasskeys.id, id)));
    return sql`(EXISTS ${credentials} OR EXISTS ${passkeys})`;
  }

  /**
   * Removes a passkey unless it is the last way in; without any left none is asked for after the password.
   * One statement decides, so of many that remove at the same time the last is refused. Returns whether it is gone.
   */
  async removePasskey(userId: string, id: string, providerIds: readonly string[]): Promise<boolean> {
    const mine = and(eq(userPasskeys.id, id), eq(userPasskeys.userId, userId));
    const [removed] = await runBatch(this.#db, [
      this.#db.delete(userPasskeys).where(and(mine, this.#otherWayIn(userId, { id, providerIds }))),
      ...this.#settled(userId),
    ]);
    return (removed?.meta.changes ?? 0) > 0;
  }

  /** Removes the connection with a provider unless it is the last way in. Returns whether it is gone. */
  async removeConnection(userId: string, id: string, providerIds: readonly string[]): Promise<boolean> {
    const mine = and(eq(userCredentials.id, id), eq(userCredentials.userId, userId));
    const { meta } = await this.#db
      .delete(userCredentials)
      .where(and(mine, this.#otherWayIn(userId, { id, providerIds })));
    return meta.changes > 0;
  }

  /**
   * Uses a time step of somebody's authenticator app up, and every one before it (RFC 6238, 5.2). Returns false where
   * it was used already; of many that ask at the same time one is told true.
   */
  async useTimeStep(userId: string, step: number): Promise<boolean> {
    const isLater = or(isNull(userTwoFactors.lastUsedStep), lt(userTwoFactors.lastUsedStep, step));
    const { meta } = await this.#db
      .update(userTwoFactors)
      .set({ lastUsedStep: step })
      .where(and(eq(userTwoFactors.userId, userId), isLater));
    return meta.changes > 0;
  }

  async countPasskeys(userId: string): Promise<number> {
    const row = await this.#db
      .select({ passkeys: count() })
      .from(userPasskeys)
      .where(eq(userPasskeys.userId, userId))
      .get();
    return row?.passkeys ?? 0;
  }

  async findWaysIn(userId: string): Promise<WaysIn> {
    const [credentials, passkeys, totp] = await this.#db.batch([
      this.#db
        .select({
          id: userCredentials.id,
          providerId: userCredentials.providerId,
          hasPassword: sql<number>`${userCredentials.password} IS NOT NULL`,
        })
        .from(userCredentials)
        .where(eq(userCredentials.userId, userId)),
      this.#db.select({ id: userPasskeys.id }).from(userPasskeys).where(eq(userPasskeys.userId, userId)),
      this.#db
        .select({ verified: userTwoFactors.verified })
        .from(userTwoFactors)
        .where(eq(userTwoFactors.userId, userId)),
    ]);
    return {
      hasPassword: credentials.some(({ hasPassword }) => hasPassword === 1),
      connections: credentials.flatMap(({ id, providerId }) =>
        providerId === 'credential' ? [] : [{ id, providerId }],
      ),
      passkeyIds: passkeys.map(({ id }) => id),
      hasTotp: totp.some(({ verified }) => verified !== false),
    };
  }

  /**
   * Forgets every device that somebody told us to trust, and with them sign-ins that wait for a second factor and
   * links for a new password: nothing that was given out before a change may get around it.
   */
  async forgetDevices(userId: string): Promise<void> {
    // The pattern stands there for the index, which holds people's ids only.
    await this.#db
      .delete(verifications)
      .where(and(eq(verifications.value, userId), sql`${verifications.value} GLOB 'usr_*'`));
  }
}
