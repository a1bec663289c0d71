import { and, eq, gt, sql } from 'drizzle-orm';
import { type Database, plainStatement, runBatch } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { INVITATION_MS, MAX_INVITATIONS, MAX_MEMBERS, MAX_PLAYLISTS } from '../policy.ts';
import { positionsBetween } from '../positions.ts';
import { playlistInvitations, playlistMembers, playlists } from '../tables.ts';

export type MemberRow = typeof playlistMembers.$inferSelect;
export type InvitationRow = typeof playlistInvitations.$inferSelect;

/** SHA-256 is enough for 256 random bits: there is nothing to guess. */
async function hashOf(token: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))).toHex();
}

/** Who works on a playlist, and the links that invite to it. */
export class MemberStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns the members of a playlist, who was there first first. */
  list(playlistId: string): Promise<MemberRow[]> {
    return this.#db
      .select()
      .from(playlistMembers)
      .where(eq(playlistMembers.playlistId, playlistId))
      .orderBy(playlistMembers.createdAtMs)
      .limit(MAX_MEMBERS)
      .all();
  }

  /** Takes an editor off a playlist; its owner stays. Returns whether there was one. */
  async remove(playlistId: string, userId: string): Promise<boolean> {
    const { meta } = await this.#db
      .delete(playlistMembers)
      .where(
        and(
          eq(playlistMembers.playlistId, playlistId),
          eq(playlistMembers.userId, userId),
          eq(playlistMembers.role, 'editor'),
        ),
      );
    return meta.changes > 0;
  }

  /** Makes a link; returns its token, once and never again, or null where there are as many as there may be. */
  async invite(playlistId: string, nowMs: number): Promise<{ token: string; row: InvitationRow } | null> {
    const random = crypto.getRandomValues(new Uint8Array(32));
    const token = random.toBase64({ alphabet: 'base64url', omitPadding: true });
    const row = {
      id: newId('inv'),
      playlistId,
      tokenHash: await hashOf(token),
      createdAtMs: nowMs,
      expiresAtMs: nowMs + INVITATION_MS,
    };
    const { meta } = await this.#db.run(sql`INSERT INTO playlist_invitations
      (id, playlist_id, token_hash, created_at_ms, expires_at_ms)
      SELECT ${row.id}, ${playlistId}, ${row.tokenHash}, ${nowMs}, ${row.expiresAtMs}
      WHERE (SELECT count(*) FROM playlist_invitations
        WHERE playlist_id = ${playlistId} AND expires_at_ms > ${nowMs}) < ${MAX_INVITATIONS}`);
    return meta.changes > 0 ? { token, row } : null;
  }

  /** Returns the links of a playlist that still open it. */
  listInvitations(playlistId: string, nowMs: number): Promise<InvitationRow[]> {
    return this.#db
      .select()
      .from(playlistInvitations)
      .where(and(eq(playlistInvitations.playlistId, playlistId), gt(playlistInvitations.expiresAtMs, nowMs)))
      .orderBy(playlistInvitations.id)
      .limit(MAX_INVITATIONS)
      .all();
  }

  async revoke(playlistId: string, invitationId: string): Promise<boolean> {
    const { meta } = await this.#db
      .delete(playlistInvitations)
      .where(and(eq(playlistInvitations.id, invitationId), eq(playlistInvitations.playlistId, playlistId)));
    return meta.changes > 0;
  }

  /** Returns the playlist that a token invites to and when that ends, also where it has; null where nobody made it. */
  async findInvitation(token: string): Promise<{ playlistId: string; expiresAtMs: number } | null> {
    const row = await this.#db
      .select({ playlistId: playlistInvitations.playlistId, expiresAtMs: playlistInvitations.expiresAtMs })
      .from(playlistInvitations)
      .innerJoin(playlists, eq(playlists.id, playlistInvitations.playlistId))
      .where(
        and(eq(playlistInvitations.tokenHash, await hashOf(token)), sql`${playlists.deletedAtMs} IS NULL`),
      )
      .get();
    return row ?? null;
  }

  /**
   * Makes whoever holds a token an editor, if it still holds at that moment; who is a member stays what they are.
   * Returns false where the playlist or the person has no room.
   */
  async accept(token: string, userId: string, nowMs: number): Promise<boolean> {
    const first = await this.#db
      .select({ position: playlistMembers.position })
      .from(playlistMembers)
      .where(eq(playlistMembers.userId, userId))
      .orderBy(playlistMembers.position)
      .limit(1)
      .get();
    const [position = ''] = positionsBetween(null, first?.position ?? null, 1);
    const hash = await hashOf(token);
    const [, found] = await runBatch(this.#db, [
      plainStatement(
        this.#db,
        sql`INSERT OR IGNORE INTO playlist_members (playlist_id, user_id, role, position, created_at_ms)
        SELECT i.playlist_id, ${userId}, 'editor', ${position}, ${nowMs} FROM playlist_invitations i
        WHERE i.token_hash = ${hash} AND i.expires_at_ms > ${nowMs}
          AND (SELECT count(*) FROM playlist_members m WHERE m.playlist_id = i.playlist_id) < ${MAX_MEMBERS}
          AND (SELECT count(*) FROM playlist_members m WHERE m.user_id = ${userId}) < ${MAX_PLAYLISTS}`,
      ),
      this.#db
        .select({ role: playlistMembers.role })
        .from(playlistMembers)
        .innerJoin(playlistInvitations, eq(playlistInvitations.playlistId, playlistMembers.playlistId))
        .where(and(eq(playlistInvitations.tokenHash, hash), eq(playlistMembers.userId, userId))),
    ]);
    return (found as unknown as unknown[]).length > 0;
  }
}
