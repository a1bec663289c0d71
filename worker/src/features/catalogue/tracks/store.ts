import { and, desc, eq, isNotNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Position } from '../../../platform/cursor.ts';
import { type Database, runBatch, type Statement } from '../../../platform/db.ts';
import { isMember } from '../is-member.ts';
import { credits } from '../releases/release-tables.ts';
import type { TrackRow } from './present.ts';
import { trackLyrics, tracks, trackVersions } from './track-tables.ts';

/** Where a page of tracks begins and how long it is. */
export interface PageRequest {
  /** The id of the last track of the page before. */
  cursor?: string | undefined;
  limit: number;
}

/** A track and what somebody is to it. */
export interface SeenTrack {
  row: TrackRow;
  /** Whether they made it or look after its artist: then they see it before everybody does. */
  isOwn: boolean;
}

/** Reads tracks, and says whose they are. What becomes of them is written by `TrackMaking` and `StudioTracks`. */
export class TrackStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(trackId: string): Promise<TrackRow | null> {
    return (await this.#db.select().from(tracks).where(eq(tracks.id, trackId)).get()) ?? null;
  }

  /** Returns a track as far as this person may see it; null where it is hidden from them or not there. */
  async findFor(trackId: string, viewerId: string | null): Promise<SeenTrack | null> {
    const [found] = await this.#db
      .select({ row: tracks, isMember: sql<number>`${isMember(tracks.artistId, viewerId)}` })
      .from(tracks)
      .where(eq(tracks.id, trackId));
    if (found === undefined) return null;
    const isOwn = viewerId !== null && (found.row.ownerId === viewerId || found.isMember === 1);
    return isOwn || found.row.listedAtMs !== null ? { row: found.row, isOwn } : null;
  }

  /** Returns published tracks, newest first, one more than asked for where there are more. */
  listPublished(position: Position | undefined, limit: number): Promise<TrackRow[]> {
    const { listedAtMs, id } = tracks;
    const isAfter = position && sql`(${listedAtMs}, ${id}) < (${position.value}, ${position.name})`;
    return this.#db
      .select()
      .from(tracks)
      .where(and(isNotNull(listedAtMs), isAfter))
      .orderBy(desc(listedAtMs), desc(id))
      .limit(limit + 1);
  }

  /** Returns every track of an owner in whatever state, newest first, one more than asked for. */
  listOwned(ownerId: string, page: PageRequest): Promise<TrackRow[]> {
    const { cursor, limit } = page;
    return this.#db
      .select()
      .from(tracks)
      .where(and(eq(tracks.ownerId, ownerId), cursor === undefined ? undefined : lt(tracks.id, cursor)))
      .orderBy(desc(tracks.id))
      .limit(limit + 1);
  }

  /** Removes a track that stands alone for good, with all that hangs on it. */
  async erase(trackId: string): Promise<void> {
    await runBatch(this.#db, [
      this.#db.delete(trackLyrics).where(eq(trackLyrics.trackId, trackId)),
      this.#db.delete(trackVersions).where(eq(trackVersions.trackId, trackId)),
      this.#db.delete(credits).where(eq(credits.trackId, trackId)),
      this.#db.delete(tracks).where(eq(tracks.id, trackId)),
    ]);
  }

  /** Hands an owner's tracks to another. */
  changeOwner(fromOwnerId: string, toOwnerId: string, guard: SQL): Statement {
    return this.#db
      .update(tracks)
      .set({ ownerId: toOwnerId })
      .where(and(eq(tracks.ownerId, fromOwnerId), guard));
  }

  /** Adds plays that count. */
  addPlays(trackId: string, count: number, guard: SQL): Statement {
    return this.#db
      .update(tracks)
      .set({ playCount: sql`${tracks.playCount} + ${count}` })
      .where(and(eq(tracks.id, trackId), guard));
  }
}

/** Returns a readable title for a file that carries none: its name without ending and leading number. */
export function titleFromFileName(fileName: string): string {
  const stem = fileName.replace(/\.[^.]{1,5}$/, '');
  return stem.replace(/^\d{1,3}(?:\s*[-._]\s*|\s+)(?=[^\s\-._])/, '').trim() || stem || fileName;
}
