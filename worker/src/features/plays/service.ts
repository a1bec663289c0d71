import { notFound, ProblemError } from '../../platform/errors.ts';
import { type TimePageRequest, timePage } from '../../platform/time-cursor.ts';
import { SOURCE_THINGS } from './kinds.ts';
import { playIdOf } from './play-id.ts';
import type { Entry, PlayRow, PlayStore, Stretch } from './play-store.ts';
import type { Cards, FindPlayed } from './ports.ts';
import type { ResumeRow, ResumeStore } from './resume-store.ts';
import { judge, type PlayedTrack, searchable, timeProblem } from './rule.ts';
import { MOST_WORDS, type NewResume, type Play, type Recent } from './schemas.ts';

/** What plays need. */
export interface PlaysDeps {
  store: PlayStore;
  resume: ResumeStore;
  findPlayed: FindPlayed;
  cards: Cards;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Returns a play as it enters the books. */
async function entryOf(userId: string, play: Play, track: PlayedTrack, isPaused: boolean): Promise<Entry> {
  const kind = play.source?.kind ?? 'other';
  const sourceId = play.source?.id ?? null;
  const thing = SOURCE_THINGS.find((known) => known === kind);
  return {
    source:
      thing === undefined || sourceId === null
        ? { kind: 'track', id: play.trackId }
        : { kind: thing, id: sourceId },
    row: {
      id: await playIdOf(userId, play.id),
      userId: isPaused ? null : userId,
      trackId: play.trackId,
      startedAtMs: Date.parse(play.startedAt),
      listenedSeconds: play.listenedSeconds,
      ...judge(play.listenedSeconds, track),
      sourceKind: kind,
      // A private playlist would tell whose play it was.
      sourceId: isPaused ? null : sourceId,
      quality: play.quality ?? null,
      searchText: isPaused ? '' : searchable(track.words),
    },
  };
}

/** Takes in plays of somebody, each on its own: one that is refused is not in the way of the others. */
export async function recordPlays(deps: PlaysDeps, userId: string, plays: readonly Play[]) {
  const nowMs = Date.now();
  const [isPaused, tracks] = await Promise.all([
    deps.store.isPaused(userId),
    deps.findPlayed(
      plays.map(({ trackId }) => trackId),
      userId,
    ),
  ]);
  const judged = plays.map((play) => {
    const track = tracks.get(play.trackId);
    const reason =
      track === undefined ? ('unknown_track' as const) : timeProblem(Date.parse(play.startedAt), nowMs);
    return { play, track, reason };
  });
  const accepted = judged.flatMap(({ play, track, reason }) =>
    reason === null && track !== undefined ? [entryOf(userId, play, track, isPaused)] : [],
  );
  if (accepted.length > 0) await deps.store.record(await Promise.all(accepted));
  return judged.map(({ play, reason }) => ({ id: play.id, accepted: reason === null, reason }));
}

const cursorOf = ({ startedAtMs, id }: PlayRow) => ({ atMs: startedAtMs, id });

/** Returns a page of what somebody has heard, newest first; with words, of the plays in which all of them occur. */
export async function listHistory(
  deps: PlaysDeps,
  userId: string,
  { q = '', ...page }: TimePageRequest & { q?: string | undefined },
) {
  const words = searchable(q)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  const found =
    words.length === 0 ? await deps.store.list(userId, page) : await deps.store.search(userId, words, page);
  const { rows, nextCursor } = timePage(found, page.limit, cursorOf);
  const cards = await deps.cards.track(
    rows.map(({ trackId }) => trackId),
    userId,
  );
  const items = rows.map((row) => ({
    playId: row.id,
    startedAt: iso(row.startedAtMs),
    listenedSeconds: row.listenedSeconds,
    source: { kind: row.sourceKind, id: row.sourceId },
    track: cards.get(row.trackId) ?? null,
  }));
  return { items, nextCursor };
}

/** Takes one play out of somebody's history. Throws `not_found` where it is not in it. */
export async function forgetPlay({ store }: PlaysDeps, userId: string, playId: string): Promise<void> {
  if (!(await store.forget(userId, playId))) throw notFound();
}

/** Takes a stretch out of somebody's history. */
export async function forgetStretch({ store }: PlaysDeps, userId: string, stretch: Stretch): Promise<void> {
  while (!(await store.forgetSome(userId, stretch)));
}

/** Returns what somebody played from last, each thing once; what cannot be seen any more is left out. */
export async function listRecent(deps: PlaysDeps, userId: string, limit: number): Promise<Recent[]> {
  const rows = await deps.store.listRecent(userId, limit);
  const found = await Promise.all(
    SOURCE_THINGS.map(async (kind) => {
      const ids = rows.filter((row) => row.kind === kind).map(({ sourceId }) => sourceId);
      return ids.length === 0 ? [] : [...(await deps.cards[kind](ids, userId))];
    }),
  );
  const cards = new Map<string, unknown>(found.flat());
  return rows.flatMap(({ kind, sourceId, playedAtMs }) => {
    const card = cards.get(sourceId);
    // The port of a kind answers cards of that kind.
    return card === undefined ? [] : [{ kind, card, playedAt: iso(playedAtMs) } as Recent];
  });
}

async function presentResume(deps: PlaysDeps, row: ResumeRow | null, userId: string) {
  if (row === null || row.trackId === null) return { revision: row?.revision ?? 0, point: null };
  const { trackId, positionSeconds, sourceKind, sourceId, queue, updatedAtMs } = row;
  const cards = await deps.cards.track([trackId], userId);
  const source = sourceKind && { kind: sourceKind, id: sourceId };
  return {
    revision: row.revision,
    point: {
      ...{ trackId, positionSeconds, source, queue, updatedAt: iso(updatedAtMs) },
      track: cards.get(trackId) ?? null,
    },
  };
}

/** Returns where somebody left off, on whatever device. */
export async function readResume(deps: PlaysDeps, userId: string) {
  return presentResume(deps, await deps.resume.find(userId), userId);
}

/** Notes where somebody is. Throws `revision_conflict` with what is stored where another device was there since. */
export async function writeResume(deps: PlaysDeps, userId: string, wish: NewResume) {
  const { revision, trackId, positionSeconds, source, queue } = wish;
  const isDone = await deps.resume.replace(userId, revision, {
    ...{ trackId, positionSeconds, queue, updatedAtMs: Date.now() },
    sourceKind: source?.kind ?? null,
    sourceId: source?.id ?? null,
  });
  const stored = await readResume(deps, userId);
  if (isDone) return stored;
  throw new ProblemError('revision_conflict', 'Another device has gone on since.', { stored });
}
