import { and, desc, eq, gte, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import { type Database, runBatch } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import {
  apiKeys,
  oauthAccessTokens,
  oauthClients,
  oauthConsents,
  oauthRefreshTokens,
  signingKeys,
  users,
  verifications,
} from '../tables.ts';
import { KEY_GRACE_SECONDS } from './access-tokens.ts';

export type RefreshRow = typeof oauthRefreshTokens.$inferSelect;
type Family = Pick<RefreshRow, 'clientId' | 'userId'>;

/** More apps than this nobody looks through. */
const MAX_LISTED = 100;
const SWEPT_AT_ONCE = 500;
/** Notes are looked at by requests that run at the same time; this is longer than any of them. */
const NOTE_MS = 15 * 60_000;

const familyName = ({ clientId, userId }: Family) => `oauth-reuse:${clientId}:${userId}`;
const accountName = (userId: string) => `oauth-ended:${userId}`;
const codeName = (codeId: string) => `oauth-code-replay:${codeId}`;

/** What accounts read and write of tokens and apps beside the OAuth provider. */
export class OAuthStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns the public keys that verify access JWTs, also those that sign no more. */
  async listPublicKeys(now: Date) {
    const rows = await this.#db
      .select({ id: signingKeys.id, publicKey: signingKeys.publicKey, expiresAt: signingKeys.expiresAt })
      .from(signingKeys)
      .where(eq(signingKeys.alg, 'EdDSA'))
      .orderBy(desc(signingKeys.id))
      .limit(MAX_LISTED);
    return rows
      .filter(
        ({ expiresAt }) =>
          expiresAt === null || expiresAt.getTime() + KEY_GRACE_SECONDS * 1000 > now.getTime(),
      )
      .map(({ id, publicKey }) => ({ ...JSON.parse(publicKey), alg: 'EdDSA', use: 'sig', kid: id }));
  }

  async findRefreshToken(tokenHash: string): Promise<RefreshRow | null> {
    const row = await this.#db
      .select()
      .from(oauthRefreshTokens)
      .where(eq(oauthRefreshTokens.token, tokenHash))
      .get();
    return row ?? null;
  }

  async findClientName(clientId: string): Promise<string | null> {
    const row = await this.#db
      .select({ name: oauthClients.name })
      .from(oauthClients)
      .where(eq(oauthClients.clientId, clientId))
      .get();
    return row?.name ?? null;
  }

  /** Notes that a token was used again, for rotations under way; returns whether this is the first to say so. */
  async noteReuse(row: RefreshRow, now: Date): Promise<boolean> {
    return this.#note(`vrf_reuse_${row.id}`, familyName(row), now);
  }

  /**
   * True where after this one was given out a token of the family was used again, or its owner ended everything; or
   * where the owner is leaving.
   */
  async isCutOff(row: RefreshRow): Promise<boolean> {
    if (await this.#isNoted(familyName(row), row.createdAt)) return true;
    if (await this.#isNoted(accountName(row.userId), row.createdAt)) return true;
    const leaving = await this.#db
      .select({ deletesAt: users.deletesAt })
      .from(users)
      .where(eq(users.id, row.userId))
      .get();
    return leaving === undefined || leaving.deletesAt !== null;
  }

  /** Notes that a code was shown again, for whoever is redeeming it at this moment. */
  async noteCodeReplay(codeId: string, now: Date): Promise<void> {
    await this.#note(newId('vrf'), codeName(codeId), now);
  }

  async isCodeReplayNoted(codeId: string): Promise<boolean> {
    return this.#isNoted(codeName(codeId), new Date(0));
  }

  /** Ends everything that an app was given for a person. */
  async removeFamily({ clientId, userId }: Family): Promise<void> {
    await runBatch(this.#db, this.#removals(userId, clientId));
  }

  /** Ends everything that was given for a code. */
  async removeOfCode(codeId: string): Promise<void> {
    await runBatch(this.#db, [
      this.#db.delete(oauthAccessTokens).where(eq(oauthAccessTokens.authorizationCodeId, codeId)),
      this.#db.delete(oauthRefreshTokens).where(eq(oauthRefreshTokens.authorizationCodeId, codeId)),
    ]);
  }

  /** Returns the apps that a person has let in, the last one first. */
  listApps(userId: string) {
    return this.#db
      .select({ consent: oauthConsents, client: oauthClients })
      .from(oauthConsents)
      .innerJoin(oauthClients, eq(oauthClients.clientId, oauthConsents.clientId))
      .where(eq(oauthConsents.userId, userId))
      .orderBy(desc(oauthConsents.id))
      .limit(MAX_LISTED);
  }

  /** Takes from an app all that a person gave it; returns whether they had. */
  async removeApp(userId: string, clientId: string): Promise<boolean> {
    const [consents] = await runBatch(this.#db, [
      this.#db
        .delete(oauthConsents)
        .where(and(eq(oauthConsents.userId, userId), eq(oauthConsents.clientId, clientId))),
      ...this.#removals(userId, clientId),
    ]);
    return (consents?.meta.changes ?? 0) > 0;
  }

  /**
   * Shuts out every app that a person has let in and deletes their API keys. Returns how many there were. Refreshes
   * that are under way find the note.
   */
  async endAccess(userId: string, now: Date): Promise<{ apps: number; keys: number }> {
    await this.#note(newId('vrf'), accountName(userId), now);
    const [apps, keys] = await runBatch(this.#db, [
      this.#db.delete(oauthConsents).where(eq(oauthConsents.userId, userId)),
      this.#db.delete(apiKeys).where(eq(apiKeys.userId, userId)),
      this.#db.delete(oauthAccessTokens).where(eq(oauthAccessTokens.userId, userId)),
      this.#db.delete(oauthRefreshTokens).where(eq(oauthRefreshTokens.userId, userId)),
    ]);
    return { apps: apps?.meta.changes ?? 0, keys: keys?.meta.changes ?? 0 };
  }

  /** Forgets answers that can be repeated no more, and tokens that have expired, some at a time; returns how many. */
  async removeExpired(now: Date): Promise<number> {
    const { id, rotationReplayExpiresAt, rotationReplayResponse, expiresAt } = oauthRefreshTokens;
    const answered = this.#db
      .select({ id })
      .from(oauthRefreshTokens)
      .where(and(lt(rotationReplayExpiresAt, now), isNotNull(rotationReplayResponse)))
      .limit(SWEPT_AT_ONCE);
    const ended = this.#db
      .select({ id })
      .from(oauthRefreshTokens)
      .where(lt(expiresAt, now))
      .limit(SWEPT_AT_ONCE);
    const results = await runBatch(this.#db, [
      this.#db.update(oauthRefreshTokens).set({ rotationReplayResponse: null }).where(inArray(id, answered)),
      this.#db.delete(oauthRefreshTokens).where(inArray(id, ended)),
    ]);
    return results.reduce((sum, { meta }) => sum + meta.changes, 0);
  }

  #removals(userId: string, clientId: string) {
    return [
      this.#db
        .delete(oauthAccessTokens)
        .where(and(eq(oauthAccessTokens.userId, userId), eq(oauthAccessTokens.clientId, clientId))),
      this.#db
        .delete(oauthRefreshTokens)
        .where(and(eq(oauthRefreshTokens.userId, userId), eq(oauthRefreshTokens.clientId, clientId))),
    ];
  }

  async #note(id: string, identifier: string, now: Date): Promise<boolean> {
    const { meta } = await this.#db
      .insert(verifications)
      .values({
        id,
        identifier,
        value: '',
        expiresAt: new Date(now.getTime() + NOTE_MS),
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing();
    return meta.changes > 0;
  }

  async #isNoted(identifier: string, since: Date): Promise<boolean> {
    const found = await this.#db
      .select({ one: sql`1` })
      .from(verifications)
      .where(and(eq(verifications.identifier, identifier), gte(verifications.createdAt, since)))
      .get();
    return found !== undefined;
  }
}
