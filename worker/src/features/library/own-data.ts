import type { MarkRow, MarkStore } from './mark-store.ts';
import type { RatingStore } from './store.ts';

const PAGE = 500;

/** What keeping somebody's library apart from others' needs. */
export interface LibraryStores {
  likes: MarkStore;
  follows: MarkStore;
  ratings: RatingStore;
}

/** Reads all pages of a list; each but the last is full. */
async function all<Row>(page: (after: string) => Promise<Row[]>, idOf: (row: Row) => string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after = ''; ; ) {
    const next = await page(after);
    rows.push(...next);
    const last = next.at(-1);
    if (next.length < PAGE || last === undefined) return rows;
    after = idOf(last);
  }
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Returns what somebody likes, follows and has rated. */
export async function exportLibrary({ likes, follows, ratings }: LibraryStores, userId: string) {
  const marks = (store: MarkStore) =>
    all(
      (after) => store.listAll(userId, after, PAGE),
      ({ targetId }: MarkRow) => targetId,
    );
  const rated = await all(
    (after) => ratings.listAll(userId, after, PAGE),
    ({ trackId }) => trackId,
  );
  return {
    likes: (await marks(likes)).map(({ kind, targetId, createdAtMs }) => ({
      kind,
      id: targetId,
      likedAt: iso(createdAtMs),
    })),
    follows: (await marks(follows)).map(({ kind, targetId, createdAtMs }) => ({
      kind,
      id: targetId,
      followedAt: iso(createdAtMs),
    })),
    ratings: rated.map(({ trackId, stars, ratedAtMs }) => ({ trackId, stars, ratedAt: iso(ratedAtMs) })),
  };
}

/** Removes some of what somebody likes, follows and rated, and that others follow them; returns whether that was all. */
export async function eraseLibrary(
  { likes, follows, ratings }: LibraryStores,
  userId: string,
  limit: number,
): Promise<boolean> {
  return (
    (await likes.erase(userId, limit)) &&
    (await follows.erase(userId, limit)) &&
    (await follows.forget(userId, limit)) &&
    (await ratings.erase(userId, limit))
  );
}

/** Removes some of what anybody keeps of a thing that is going; returns whether that was all. */
export async function forgetThing(
  { likes, follows, ratings }: LibraryStores,
  id: string,
  limit: number,
): Promise<boolean> {
  return (
    (await likes.forget(id, limit)) &&
    (await follows.forget(id, limit)) &&
    (!id.startsWith('trk_') || (await ratings.forget(id, limit)))
  );
}
