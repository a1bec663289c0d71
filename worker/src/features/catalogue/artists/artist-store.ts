import { and, asc, desc, eq, inArray, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { type Database, inChunks, runBatch, type Statement } from '../../../platform/db.ts';
import { notFound } from '../../../platform/errors.ts';
import type { PicturePlace } from '../../../platform/picture-swap.ts';
import { isMember } from '../is-member.ts';
import { credits } from '../releases/release-tables.ts';
import { artistMembers, artists, type MEMBER_ROLES } from './artist-tables.ts';

export type ArtistRow = typeof artists.$inferSelect;
export type MemberRow = typeof artistMembers.$inferSelect;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** An artist as one of their members sees them. */
export interface OwnArtist {
  artist: ArtistRow;
  role: MemberRole;
}

type Change = Partial<Pick<ArtistRow, 'name' | 'slug' | 'bio' | 'location' | 'links'>>;

/** The only writer of `artists` and `artist_members`. */
export class ArtistStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(artistId: string): Promise<ArtistRow | null> {
    return (await this.#db.select().from(artists).where(eq(artists.id, artistId)).get()) ?? null;
  }

  /** Returns an artist whom this person is a member of; null also where there is no such artist. */
  async findOwn(artistId: string, userId: string): Promise<OwnArtist | null> {
    const row = await this.#db
      .select({ artist: artists, role: artistMembers.role })
      .from(artistMembers)
      .innerJoin(artists, eq(artists.id, artistMembers.artistId))
      .where(and(eq(artistMembers.artistId, artistId), eq(artistMembers.userId, userId)))
      .get();
    return row ?? null;
  }

  /** Returns the artists of a person, the newest first, one more than asked for where there are more. */
  listOwn(userId: string, page: { cursor?: string | undefined; limit: number }): Promise<OwnArtist[]> {
    const { cursor, limit } = page;
    return this.#db
      .select({ artist: artists, role: artistMembers.role })
      .from(artistMembers)
      .innerJoin(artists, eq(artists.id, artistMembers.artistId))
      .where(
        and(
          eq(artistMembers.userId, userId),
          cursor === undefined ? undefined : lt(artistMembers.artistId, cursor),
        ),
      )
      .orderBy(desc(artistMembers.artistId))
      .limit(limit + 1);
  }

  /** Makes an artist and their owner; false where the slug is taken, and then nothing. */
  async create(row: typeof artists.$inferInsert, ownerId: string): Promise<boolean> {
    const isMade = sql`EXISTS (SELECT 1 FROM artists WHERE id = ${row.id})`;
    const [made] = await runBatch(this.#db, [
      this.#db.insert(artists).values(row).onConflictDoNothing(),
      this.#db
        .insert(artistMembers)
        .select(sql`SELECT ${row.id}, ${ownerId}, 'owner', ${row.createdAtMs} WHERE ${isMade}`)
        .onConflictDoNothing(),
    ]);
    return made?.meta.changes === 1;
  }

  /** Changes an artist and returns them; null where somebody else has the slug. */
  async update(artistId: string, change: Change, nowMs: number): Promise<ArtistRow | null> {
    const { slug } = change;
    const isFree =
      slug === undefined
        ? undefined
        : sql`NOT EXISTS (SELECT 1 FROM artists o WHERE o.slug = ${slug} AND o.id <> ${artistId})`;
    const row = await this.#db
      .update(artists)
      .set({ ...change, updatedAtMs: nowMs })
      .where(and(eq(artists.id, artistId), isFree))
      .returning()
      .get();
    return row ?? null;
  }

  /** Where a picture of an artist stands. */
  pictureOf(artistId: string, which: 'avatar' | 'banner'): PicturePlace {
    return {
      read: async () => {
        const row = await this.find(artistId);
        if (row === null) throw notFound();
        return row[which];
      },
      write: async (from, to) => {
        const isSame = sql`json_extract(${artists[which]}, '$.imageId') IS ${from?.imageId ?? null}`;
        const result = await this.#db
          .update(artists)
          .set({ [which]: to, updatedAtMs: Date.now() })
          .where(and(eq(artists.id, artistId), isSame));
        return result.meta.changes === 1;
      },
    };
  }

  /** Returns which of these artists a person can see: those with something public, and their own. */
  async findSeen(artistIds: readonly string[], viewerId: string): Promise<ReadonlySet<string>> {
    const rows = await inChunks(artistIds, (chunk) =>
      this.#db
        .select({ id: artists.id })
        .from(artists)
        .where(
          and(
            inArray(artists.id, chunk),
            or(sql`${artists.listedAtMs} IS NOT NULL`, isMember(artists.id, viewerId)),
          ),
        )
        .all(),
    );
    return new Set(rows.map(({ id }) => id));
  }

  async setVerified(artistId: string, verifiedAtMs: number | null): Promise<boolean> {
    const at = verifiedAtMs === null ? null : sql`ifnull(${artists.verifiedAtMs}, ${verifiedAtMs})`;
    const result = await this.#db
      .update(artists)
      .set({ verifiedAtMs: at as never })
      .where(eq(artists.id, artistId));
    return result.meta.changes === 1;
  }

  async roleOf(artistId: string, userId: string): Promise<MemberRole | null> {
    const row = await this.#db
      .select({ role: artistMembers.role })
      .from(artistMembers)
      .where(and(eq(artistMembers.artistId, artistId), eq(artistMembers.userId, userId)))
      .get();
    return row?.role ?? null;
  }

  /** Returns the members of an artist, the first owner first. */
  listMembers(artistId: string, limit: number): Promise<MemberRow[]> {
    return this.#db
      .select()
      .from(artistMembers)
      .where(eq(artistMembers.artistId, artistId))
      .orderBy(desc(artistMembers.role), asc(artistMembers.createdAtMs), asc(artistMembers.userId))
      .limit(limit);
  }

  /** Adds a member unless there are `most` already; false also for who is one. */
  async addMember(member: MemberRow, most: number): Promise<boolean> {
    const { artistId, userId, role, createdAtMs } = member;
    const result = await this.#db
      .insert(artistMembers)
      .select(
        sql`SELECT ${artistId}, ${userId}, ${role}, ${createdAtMs} WHERE (SELECT count(*) FROM artist_members m WHERE m.artist_id = ${artistId}) < ${most}`,
      )
      .onConflictDoNothing();
    return result.meta.changes === 1;
  }

  /** Changes what a member may do; false where nobody would be left as an owner. */
  async setRole(artistId: string, userId: string, role: MemberRole): Promise<boolean> {
    const result = await this.#db
      .update(artistMembers)
      .set({ role })
      .where(and(this.#member(artistId, userId), role === 'owner' ? undefined : this.#staysOwned(artistId)));
    return result.meta.changes === 1;
  }

  /** Takes a member out; false where nobody would be left as an owner. */
  async removeMember(artistId: string, userId: string): Promise<boolean> {
    const result = await this.#db
      .delete(artistMembers)
      .where(and(this.#member(artistId, userId), this.#staysOwned(artistId)));
    return result.meta.changes === 1;
  }

  /** Takes a person out of all artists that have another owner. */
  leaveWhatStays(userId: string): Statement {
    const hasOther = sql`EXISTS (SELECT 1 FROM artist_members o WHERE o.artist_id = artist_members.artist_id AND o.role = 'owner' AND o.user_id <> ${userId})`;
    return this.#db.delete(artistMembers).where(and(eq(artistMembers.userId, userId), hasOther));
  }

  /** Removes an artist who has no release any more, with the members; others' credits keep the name. */
  async erase(artistId: string): Promise<void> {
    const isEmpty = sql`NOT EXISTS (SELECT 1 FROM releases r WHERE r.artist_id = ${artistId})`;
    await runBatch(this.#db, [
      this.#db
        .update(credits)
        .set({ artistId: null })
        .where(and(eq(credits.artistId, artistId), isEmpty)),
      this.#db.delete(artistMembers).where(and(eq(artistMembers.artistId, artistId), isEmpty)),
      this.#db.delete(artists).where(and(eq(artists.id, artistId), isEmpty)),
    ]);
  }

  /** Hands a person's memberships to another. */
  changeOwner(fromUserId: string, toUserId: string, guard: SQL): Statement {
    return this.#db
      .update(artistMembers)
      .set({ userId: toUserId })
      .where(and(eq(artistMembers.userId, fromUserId), guard));
  }

  #member(artistId: string, userId: string): SQL | undefined {
    return and(eq(artistMembers.artistId, artistId), eq(artistMembers.userId, userId));
  }

  /** True for rows of whoever is no owner, or not the only one. */
  #staysOwned(artistId: string): SQL | undefined {
    return or(
      ne(artistMembers.role, 'owner'),
      sql`(SELECT count(*) FROM artist_members o WHERE o.artist_id = ${artistId} AND o.role = 'owner') > 1`,
    );
  }
}
