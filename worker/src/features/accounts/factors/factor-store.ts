import { and, count, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../../../platform/db.ts';
import { userCredentials, userPasskeys, userTwoFactors, verifications } from '../tables.ts';

/** The ways somebody can sign in by. */
export interface WaysIn {
  hasPassword: boolean;
  /** Credentials with providers: id and provider of each. */
  connections: { id: string; providerId: string }[];
  passkeyIds: string[];
  hasTotp: boolean;
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
    return row === undefined ? null : { secret: row.secret, isConfirmed: row.verified !== false };
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
