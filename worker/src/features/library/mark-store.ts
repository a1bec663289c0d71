import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { type Database, inChunks, runBatch } from '../../platform/db.ts';
import type { TimePageRequest } from '../../platform/time-cursor.ts';
import { follows, libraryCounts, likes } from './tables.ts';

export type MarkRow = typeof likes.$inferSelect;
export type MarkKind = MarkRow['kind'];

/** Which of the two relations a store is of. */
export type Relation = 'like' | 'follow';

/** The only writer of likes, or of follows, and of the counter of the one it is of. */
export class MarkStore {
  readonly #db: Database;
  readonly #table: typeof likes;
  readonly #relation: Relation;

  constructor(db: Database, relation: Relation) {
    this.#db = db;
    this.#relation = relation;
    this.#table = relation === 'like' ? likes : follows;
  }

  get #counter() {
    return this.#relation === 'like' ? 'likeCount' : 'followerCount';
  }

  #is(userId: string, targetId: string): SQL | undefined {
    return and(eq(this.#table.userId, userId), eq(this.#table.targetId, targetId));
  }

  #exists(userId: string, targetId: string): SQL {
    return sql`EXISTS (SELECT 1 FROM ${this.#table} WHERE ${this.#is(userId, targetId)})`;
  }

  /** Marks a thing, once however often and from wherever at the same time: it is counted where it is not there yet. */
  async add(userId: string, kind: MarkKind, targetId: string, nowMs: number): Promise<void> {
    const counter = this.#counter;
    const first = counter === 'likeCount' ? sql`1, 0` : sql`0, 1`;
    await runBatch(this.#db, [
      this.#db
        .insert(libraryCounts)
        .select(sql`SELECT ${targetId}, ${first} WHERE NOT ${this.#exists(userId, targetId)}`)
        .onConflictDoUpdate({
          target: libraryCounts.targetId,
          set: { [counter]: sql`${libraryCounts[counter]} + 1` },
        }),
      this.#db
        .insert(this.#table)
        .values({ userId, kind, targetId, createdAtMs: nowMs })
        .onConflictDoNothing(),
    ]);
  }

  /** Takes a mark away; where there is none, nothing changes. */
  async remove(userId: string, targetId: string): Promise<void> {
    const isTarget = eq(libraryCounts.targetId, targetId);
    await runBatch(this.#db, [
      this.#countDown(and(isTarget, this.#exists(userId, targetId))),
      this.#forgetZeros(isTarget),
      this.#db.delete(this.#table).where(this.#is(userId, targetId)),
    ]);
  }

  #countDown(where: SQL | undefined) {
    const counter = this.#counter;
    return this.#db
      .update(libraryCounts)
      .set({ [counter]: sql`${libraryCounts[counter]} - 1` })
      .where(where);
  }

  #forgetZeros(where: SQL) {
    return this.#db
      .delete(libraryCounts)
      .where(and(where, sql`${libraryCounts.likeCount} <= 0 AND ${libraryCounts.followerCount} <= 0`));
  }

  /** Returns somebody's marks of one kind, newest first, one more than asked for where there are more. */
  list(userId: string, kind: MarkKind, { cursor, limit }: TimePageRequest): Promise<MarkRow[]> {
    const table = this.#table;
    return this.#db
      .select()
      .from(table)
      .where(
        and(
          eq(table.userId, userId),
          eq(table.kind, kind),
          cursor && sql`(${table.createdAtMs}, ${table.targetId}) < (${cursor.atMs}, ${cursor.id})`,
        ),
      )
      .orderBy(desc(table.createdAtMs), desc(table.targetId))
      .limit(limit + 1);
  }

  /** Returns which of these things somebody has marked. */
  async among(userId: string, targetIds: readonly string[]): Promise<Set<string>> {
    const table = this.#table;
    const rows = await inChunks(targetIds, (chunk) =>
      this.#db
        .select({ targetId: table.targetId })
        .from(table)
        .where(and(eq(table.userId, userId), inArray(table.targetId, chunk)))
        .all(),
    );
    return new Set(rows.map(({ targetId }) => targetId));
  }

  /** Returns somebody's marks behind the thing `after`, in the order of the things' ids. */
  listAll(userId: string, after: string, limit: number): Promise<MarkRow[]> {
    const table = this.#table;
    return this.#db
      .select()
      .from(table)
      .where(and(eq(table.userId, userId), sql`${table.targetId} > ${after}`))
      .orderBy(asc(table.targetId))
      .limit(limit);
  }

  /** Removes some of somebody's marks and counts them down; returns whether none is left. */
  async erase(userId: string, limit: number): Promise<boolean> {
    const table = this.#table;
    const some = () =>
      this.#db
        .select({ targetId: table.targetId })
        .from(table)
        .where(eq(table.userId, userId))
        .orderBy(asc(table.targetId))
        .limit(limit);
    const results = await runBatch(this.#db, [
      this.#countDown(inArray(libraryCounts.targetId, some())),
      this.#forgetZeros(inArray(libraryCounts.targetId, some())),
      this.#db.delete(table).where(and(eq(table.userId, userId), inArray(table.targetId, some()))),
    ]);
    return (results.at(-1)?.meta.changes ?? 0) < limit;
  }

  /** Removes some of everybody's marks of a thing that is gone, and its counter; returns whether none is left. */
  async forget(targetId: string, limit: number): Promise<boolean> {
    const table = this.#table;
    const some = this.#db
      .select({ userId: table.userId })
      .from(table)
      .where(eq(table.targetId, targetId))
      .orderBy(asc(table.userId))
      .limit(limit);
    const results = await runBatch(this.#db, [
      this.#db.delete(libraryCounts).where(eq(libraryCounts.targetId, targetId)),
      this.#db.delete(table).where(and(eq(table.targetId, targetId), inArray(table.userId, some))),
    ]);
    return (results.at(-1)?.meta.changes ?? 0) < limit;
  }
}
