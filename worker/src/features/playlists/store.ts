import { and, desc, eq, getTableColumns, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { Cover } from '../../platform/cards.ts';
import { type Database, inChunks, plainStatement, runBatch, type Statement } from '../../platform/db.ts';
import { notFound } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { PicturePlace } from '../../platform/picture-swap.ts';
import { MAX_PLAYLISTS, UNDO_MS } from './policy.ts';
import { positionsBetween } from './positions.ts';
import { playlistEntries, playlistInvitations, playlistMembers, playlists } from './tables.ts';
import type { PlaylistRole } from './vocabulary.ts';

export type PlaylistRow = typeof playlists.$inferSelect;
/** A playlist and what somebody may do with it; null where they only look. */
export type SeenPlaylist = PlaylistRow & { role: PlaylistRole | null };
/** A playlist among somebody's own. */
export type KeptPlaylist = SeenPlaylist & { folderId: string | null; keptAt: string };
/** Parts of a head; what is undefined stays. */
export type PlaylistChange = { [Key in keyof PlaylistHead]?: PlaylistHead[Key] | undefined };
export type PlaylistHead = Pick<
  typeof playlists.$inferInsert,
  'title' | 'description' | 'visibility' | 'rules'
>;

/** Removes every picture that a playlist was given. */
export type RemoveImages = (playlistId: string) => Promise<void>;

/** What one statement may delete at most, so that a sweep stays short. */
const SWEPT_AT_ONCE = 5000;

/** The role of somebody in the playlist of the row. */
function roleOf(viewerId: string | null) {
  if (viewerId === null) return sql<PlaylistRole | null>`NULL`;
  return sql<PlaylistRole | null>`(SELECT m.role FROM playlist_members m
    WHERE m.playlist_id = ${playlists.id} AND m.user_id = ${viewerId})`;
}

/** The writer of `playlists`, and of the membership that comes and goes with them. */
export class PlaylistStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns a playlist that was not thrown away, whoever may see it. */
  async find(playlistId: string, viewerId: string | null): Promise<SeenPlaylist | null> {
    const row = await this.#db
      .select({ ...getTableColumns(playlists), role: roleOf(viewerId) })
      .from(playlists)
      .where(and(eq(playlists.id, playlistId), isNull(playlists.deletedAtMs)))
      .get();
    return row ?? null;
  }

  /** Returns those of these playlists that were not thrown away, whoever may see them. */
  findMany(ids: readonly string[], viewerId: string | null): Promise<SeenPlaylist[]> {
    return inChunks(ids, (chunk) =>
      this.#db
        .select({ ...getTableColumns(playlists), role: roleOf(viewerId) })
        .from(playlists)
        .where(and(inArray(playlists.id, chunk), isNull(playlists.deletedAtMs)))
        .all(),
    );
  }

  /** Returns whether a playlist with this id exists or existed a while ago, and whose it is. */
  async ownerOf(playlistId: string): Promise<string | null> {
    const row = await this.#db
      .select({ ownerId: playlists.ownerId })
      .from(playlists)
      .where(eq(playlists.id, playlistId))
      .get();
    return row?.ownerId ?? null;
  }

  /** Makes a playlist, before the others of its owner; false where they have as many as anyone may, or the id is taken. */
  async create(playlistId: string, ownerId: string, head: PlaylistHead, nowMs: number): Promise<boolean> {
    const [position = ''] = positionsBetween(null, await this.#firstPosition(ownerId), 1);
    const { title, description = '', visibility, rules = null } = head;
    const [made] = await runBatch(this.#db, [
      plainStatement(
        this.#db,
        sql`INSERT OR IGNORE INTO playlists
        (id, owner_id, title, description, visibility, rules, covers, created_at_ms, updated_at_ms)
        SELECT ${playlistId}, ${ownerId}, ${title}, ${description}, ${visibility},
          ${rules === null ? null : JSON.stringify(rules)}, '[]', ${nowMs}, ${nowMs}
        WHERE (SELECT count(*) FROM playlist_members WHERE user_id = ${ownerId}) < ${MAX_PLAYLISTS}`,
      ),
      plainStatement(
        this.#db,
        sql`INSERT OR IGNORE INTO playlist_members (playlist_id, user_id, role, position, created_at_ms)
        SELECT id, owner_id, 'owner', ${position}, ${nowMs} FROM playlists
        WHERE id = ${playlistId} AND owner_id = ${ownerId} AND deleted_at_ms IS NULL`,
      ),
    ]);
    return (made?.meta.changes ?? 0) > 0;
  }

  async #firstPosition(userId: string): Promise<string | null> {
    const row = await this.#db
      .select({ position: playlistMembers.position })
      .from(playlistMembers)
      .where(eq(playlistMembers.userId, userId))
      .orderBy(playlistMembers.position)
      .limit(1)
      .get();
    return row?.position ?? null;
  }

  async update(playlistId: string, change: PlaylistChange, nowMs: number): Promise<void> {
    await this.#db
      .update(playlists)
      .set({ ...change, updatedAtMs: nowMs })
      .where(and(eq(playlists.id, playlistId), isNull(playlists.deletedAtMs)));
  }

  /** Where the cover that its owner gave a playlist stands. */
  coverOf(playlistId: string): PicturePlace {
    return {
      read: async () => {
        const row = await this.find(playlistId, null);
        if (row === null) throw notFound();
        return row.artwork;
      },
      write: async (from, artwork) => {
        const { meta } = await this.#db
          .update(playlists)
          .set({ artwork, updatedAtMs: Date.now() })
          .where(
            and(
              eq(playlists.id, playlistId),
              isNull(playlists.deletedAtMs),
              sql`json_extract(${playlists.artwork}, '$.imageId') IS ${from?.imageId ?? null}`,
            ),
          );
        return meta.changes === 1;
      },
    };
  }

  /** Keeps the covers of a playlist's first tracks, unless its entries were changed since `change`. */
  async setCovers(playlistId: string, covers: Cover[], change: string): Promise<void> {
    await this.#db
      .update(playlists)
      .set({ covers })
      .where(and(eq(playlists.id, playlistId), eq(playlists.lastChange, change)));
  }

  /** Keeps what a smart playlist held when it was looked at last. */
  async setContents(
    playlistId: string,
    contents: { entryCount: number; durationSeconds: number; covers: Cover[] },
  ): Promise<void> {
    await this.#db
      .update(playlists)
      .set(contents)
      .where(and(eq(playlists.id, playlistId), isNotNull(playlists.rules)));
  }

  /** Throws a playlist away; it can be taken back. */
  async remove(playlistId: string, nowMs: number): Promise<void> {
    await this.#db
      .update(playlists)
      .set({ deletedAtMs: nowMs })
      .where(and(eq(playlists.id, playlistId), isNull(playlists.deletedAtMs)));
  }

  /** Takes back what its owner threw away; false where there is nothing like it. */
  async restore(playlistId: string, ownerId: string): Promise<boolean> {
    const { meta } = await this.#db
      .update(playlists)
      .set({ deletedAtMs: null })
      .where(and(eq(playlists.id, playlistId), eq(playlists.ownerId, ownerId)));
    return meta.changes > 0;
  }

  /** Returns what somebody owns or works on, in their own order, behind the key `after`; one more than asked for. */
  listKept(userId: string, after: [string, string] | null, limit: number): Promise<KeptPlaylist[]> {
    return this.#db
      .select({
        ...getTableColumns(playlists),
        role: playlistMembers.role,
        folderId: playlistMembers.folderId,
        keptAt: playlistMembers.position,
      })
      .from(playlistMembers)
      .innerJoin(playlists, eq(playlists.id, playlistMembers.playlistId))
      .where(
        and(
          eq(playlistMembers.userId, userId),
          after === null
            ? undefined
            : sql`(${playlistMembers.position}, ${playlistMembers.playlistId}) > (${after[0]}, ${after[1]})`,
          isNull(playlists.deletedAtMs),
        ),
      )
      .orderBy(playlistMembers.position, playlistMembers.playlistId)
      .limit(limit + 1)
      .all();
  }

  /** Returns somebody's public playlists, newest first, those made before the one named; one more than asked for. */
  listPublic(ownerId: string, before: string | undefined, limit: number): Promise<PlaylistRow[]> {
    return this.#db
      .select()
      .from(playlists)
      .where(
        and(
          eq(playlists.ownerId, ownerId),
          eq(playlists.visibility, 'public'),
          isNull(playlists.deletedAtMs),
          before === undefined ? undefined : lt(playlists.id, before),
        ),
      )
      .orderBy(desc(playlists.id))
      .limit(limit + 1)
      .all();
  }

  /** Returns what its owner threw away and may still take back, newest first. */
  listRemoved(ownerId: string, limit: number): Promise<PlaylistRow[]> {
    return this.#db
      .select()
      .from(playlists)
      .where(and(eq(playlists.ownerId, ownerId), isNotNull(playlists.deletedAtMs)))
      .orderBy(desc(playlists.id))
      .limit(limit)
      .all();
  }

  /** Copies what is in a playlist into a new one of somebody's own. */
  async copyEntries(fromId: string, toId: string, userId: string, nowMs: number): Promise<void> {
    const change = newId('req');
    await runBatch(this.#db, [
      plainStatement(
        this.#db,
        sql`INSERT INTO playlist_entries
        (id, playlist_id, track_id, position, duration_seconds, added_by, added_at_ms)
        SELECT 'ple_' || lower(hex(randomblob(13))), ${toId}, track_id, position, duration_seconds, ${userId}, ${nowMs}
        FROM playlist_entries WHERE playlist_id = ${fromId} AND removed_at_ms IS NULL`,
      ),
      plainStatement(
        this.#db,
        sql`UPDATE playlists SET last_change = ${change}, entry_count = kept.count,
          duration_seconds = kept.seconds, covers = kept.covers
        FROM (SELECT count(*) AS count, ifnull(sum(duration_seconds), 0) AS seconds,
            (SELECT covers FROM playlists WHERE id = ${fromId}) AS covers
          FROM playlist_entries WHERE playlist_id = ${toId} AND removed_at_ms IS NULL) AS kept
        WHERE id = ${toId}`,
      ),
    ]);
  }

  /**
   * Deletes for good what was thrown away long enough ago, some of it; returns how many playlists are gone. Their
   * pictures go first, so that a crash leaves none behind that nobody knows of.
   */
  async sweep(nowMs: number, limit: number, removeImages: RemoveImages): Promise<number> {
    const before = nowMs - UNDO_MS;
    await this.#db.run(sql`DELETE FROM playlist_entries WHERE id IN
      (SELECT id FROM playlist_entries WHERE removed_at_ms < ${before} LIMIT ${SWEPT_AT_ONCE})`);
    await this.#db.run(sql`DELETE FROM playlist_invitations WHERE expires_at_ms < ${nowMs}`);
    const due = await this.#db
      .select({ id: playlists.id })
      .from(playlists)
      .where(lt(playlists.deletedAtMs, before))
      .limit(limit)
      .all();
    for (const { id } of due) {
      await removeImages(id);
      await runBatch(this.#db, this.#erasing(id));
    }
    return due.length;
  }

  #erasing(playlistId: string): Statement[] {
    return [
      this.#db.delete(playlistEntries).where(eq(playlistEntries.playlistId, playlistId)),
      this.#db.delete(playlistMembers).where(eq(playlistMembers.playlistId, playlistId)),
      this.#db.delete(playlistInvitations).where(eq(playlistInvitations.playlistId, playlistId)),
      this.#db.delete(playlists).where(eq(playlists.id, playlistId)),
    ];
  }

  /**
   * Removes some of what is kept of somebody: their playlists whole, their name from what they put into those of others.
   * Returns whether nothing is left. Repeatable.
   */
  async erase(userId: string, limit: number, removeImages: RemoveImages): Promise<boolean> {
    const owned = await this.#db
      .select({ id: playlists.id })
      .from(playlists)
      .where(eq(playlists.ownerId, userId))
      .limit(limit)
      .all();
    for (const { id } of owned) {
      await removeImages(id);
      await runBatch(this.#db, this.#erasing(id));
    }
    const unnamed = await this.#db.run(sql`UPDATE playlist_entries SET added_by = NULL WHERE id IN
      (SELECT id FROM playlist_entries WHERE added_by = ${userId} LIMIT ${SWEPT_AT_ONCE})`);
    await runBatch(this.#db, [
      plainStatement(this.#db, sql`DELETE FROM playlist_members WHERE user_id = ${userId}`),
      plainStatement(this.#db, sql`DELETE FROM playlist_folders WHERE user_id = ${userId}`),
    ]);
    return owned.length < limit && unnamed.meta.changes < SWEPT_AT_ONCE;
  }
}
