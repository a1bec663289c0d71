import { notFound, ProblemError } from '../../platform/errors.ts';
import { type TimePageRequest, timePage } from '../../platform/time-cursor.ts';
import type { MarkKind, MarkRow, MarkStore } from './mark-store.ts';
import type { Cards, FindPeople } from './ports.ts';
import type { Follow, Like } from './schemas.ts';
import type { CountsRow, RatingStore } from './store.ts';

/** What the library needs. */
export interface LibraryDeps {
  likes: MarkStore;
  follows: MarkStore;
  ratings: RatingStore;
  findCounts(targetIds: readonly string[]): Promise<CountsRow[]>;
  cards: Cards;
  findPeople: FindPeople;
}

/** Throws `not_found` where somebody may not see a thing. */
async function requireVisible(
  deps: LibraryDeps,
  kind: MarkKind,
  id: string,
  viewerId: string,
): Promise<void> {
  const cards = await deps.cards[kind]([id], viewerId);
  if (!cards.has(id)) throw notFound();
}

/** Likes a thing. Throws `not_found` where it cannot be seen. */
export async function like(deps: LibraryDeps, userId: string, kind: MarkKind, id: string): Promise<void> {
  await requireVisible(deps, kind, id, userId);
  await deps.likes.add(userId, kind, id, Date.now());
}

/** Returns the id behind what an address names: people are named by their handle there. */
async function idOf(deps: LibraryDeps, kind: MarkKind, name: string): Promise<string | null> {
  if (kind !== 'person') return name;
  return (await deps.findPeople([name])).get(name) ?? null;
}

/** Follows somebody. Throws `not_found` where they cannot be seen, `cannot_follow_self` where it is oneself. */
export async function follow(deps: LibraryDeps, userId: string, kind: MarkKind, name: string): Promise<void> {
  const id = await idOf(deps, kind, name);
  if (id === null) throw notFound();
  if (id === userId) throw new ProblemError('cannot_follow_self', 'This is you. Follow somebody else.');
  await requireVisible(deps, kind, id, userId);
  await deps.follows.add(userId, kind, id, Date.now());
}

/** Follows somebody no more, whether they can be seen or not. */
export async function unfollow(
  deps: LibraryDeps,
  userId: string,
  kind: MarkKind,
  name: string,
): Promise<void> {
  const id = await idOf(deps, kind, name);
  if (id !== null) await deps.follows.remove(userId, id);
}

/** Rates a track. Throws `not_found` where it cannot be seen. */
export async function rate(deps: LibraryDeps, userId: string, trackId: string, stars: number): Promise<void> {
  await requireVisible(deps, 'track', trackId, userId);
  await deps.ratings.put(userId, trackId, stars, Date.now());
}

const iso = (ms: number) => new Date(ms).toISOString();
const cursorOf = ({ createdAtMs, targetId }: MarkRow) => ({ atMs: createdAtMs, id: targetId });

/** Returns a page of what somebody likes; of what cannot be seen any more only that it was liked. */
export async function listLikes(
  deps: LibraryDeps,
  userId: string,
  kind: Like['kind'],
  page: TimePageRequest,
): Promise<{ items: Like[]; nextCursor: string | null }> {
  const found = await deps.likes.list(userId, kind, page);
  const { rows, nextCursor } = timePage(found, page.limit, cursorOf);
  const cards = await deps.cards[kind](
    rows.map(({ targetId }) => targetId),
    userId,
  );
  const items = rows.map(({ targetId: id, createdAtMs }) => {
    // The port of a kind answers cards of that kind; the compiler cannot follow the two through the table.
    return { kind, id, likedAt: iso(createdAtMs), card: cards.get(id) ?? null } as Like;
  });
  return { items, nextCursor };
}

/** Returns a page of those whom somebody follows. */
export async function listFollows(
  deps: LibraryDeps,
  userId: string,
  kind: Follow['kind'],
  page: TimePageRequest,
): Promise<{ items: Follow[]; nextCursor: string | null }> {
  const found = await deps.follows.list(userId, kind, page);
  const { rows, nextCursor } = timePage(found, page.limit, cursorOf);
  const ids = rows.map(({ targetId }) => targetId);
  if (kind === 'artist') {
    const cards = await deps.cards.artist(ids, userId);
    const items = rows.map(({ targetId: id, createdAtMs }) => ({
      ...{ kind, id, followedAt: iso(createdAtMs) },
      card: cards.get(id) ?? null,
    }));
    return { items, nextCursor };
  }
  const cards = await deps.cards.person(ids, userId);
  const items = rows.flatMap(({ targetId, createdAtMs }) => {
    const card = cards.get(targetId);
    return card === undefined ? [] : [{ kind, id: card.handle, card, followedAt: iso(createdAtMs) }];
  });
  return { items, nextCursor };
}

/** Returns a page of what somebody rated. */
export async function listRatings(deps: LibraryDeps, userId: string, page: TimePageRequest) {
  const found = await deps.ratings.list(userId, page);
  const { rows, nextCursor } = timePage(found, page.limit, ({ ratedAtMs, trackId }) => ({
    atMs: ratedAtMs,
    id: trackId,
  }));
  const cards = await deps.cards.track(
    rows.map(({ trackId }) => trackId),
    userId,
  );
  const items = rows.map(({ trackId, stars, ratedAtMs }) => ({
    trackId,
    stars,
    ratedAt: iso(ratedAtMs),
    track: cards.get(trackId) ?? null,
  }));
  return { items, nextCursor };
}

/** Returns for each name (an id, or `@handle`) the id of what it names; null where there is nobody. */
async function idsOf(deps: LibraryDeps, names: readonly string[]): Promise<Map<string, string | null>> {
  const handles = names.filter((name) => name.startsWith('@')).map((name) => name.slice(1));
  const people: ReadonlyMap<string, string> =
    handles.length === 0 ? new Map() : await deps.findPeople(handles);
  return new Map(
    names.map((name) => [name, name.startsWith('@') ? (people.get(name.slice(1)) ?? null) : name]),
  );
}

const known = (ids: Map<string, string | null>) => [...ids.values()].filter((id) => id !== null);

/** Returns how somebody stands to each of these things. */
export async function findRelations(deps: LibraryDeps, userId: string, names: readonly string[]) {
  const ids = await idsOf(deps, names);
  const [liked, followed, stars] = await Promise.all([
    deps.likes.among(userId, known(ids)),
    deps.follows.among(userId, known(ids)),
    deps.ratings.among(
      userId,
      known(ids).filter((id) => id.startsWith('trk_')),
    ),
  ]);
  return [...ids].map(([name, id]) => ({
    id: name,
    liked: id !== null && liked.has(id),
    followed: id !== null && followed.has(id),
    stars: id === null ? null : (stars.get(id) ?? null),
  }));
}

/** Returns how many like and follow each of these things; of people who hide, nothing. */
export async function findPublicCounts(deps: LibraryDeps, names: readonly string[]) {
  const ids = await idsOf(deps, names);
  const people = [...ids].flatMap(([name, id]) => (name.startsWith('@') && id !== null ? [id] : []));
  const shown = people.length === 0 ? new Map<string, unknown>() : await deps.cards.person(people, null);
  const rows = new Map((await deps.findCounts(known(ids))).map((row) => [row.targetId, row]));
  return [...ids].map(([name, id]) => {
    const isHidden = id === null || (name.startsWith('@') && !shown.has(id));
    const row = isHidden ? undefined : rows.get(id);
    return { id: name, likes: row?.likeCount ?? 0, followers: row?.followerCount ?? 0 };
  });
}
