import type { PlaysDeps } from './service.ts';

const PAGE = 500;
const MOST_RECENT = 100;
const ALWAYS = { afterMs: null, beforeMs: null };

const iso = (ms: number) => new Date(ms).toISOString();

/** Returns what is kept of what somebody listens to. */
export async function exportListening({ store, resume }: PlaysDeps, userId: string) {
  const history: unknown[] = [];
  for (let cursor: { atMs: number; id: string } | undefined; ; ) {
    const rows = await store.list(userId, { cursor, limit: PAGE });
    for (const row of rows.slice(0, PAGE)) {
      const { id: playId, trackId, startedAtMs, listenedSeconds, quality } = row;
      const source = { kind: row.sourceKind, id: row.sourceId };
      history.push({ playId, trackId, startedAt: iso(startedAtMs), listenedSeconds, quality, source });
    }
    const last = rows[PAGE - 1];
    if (rows.length <= PAGE || last === undefined) break;
    cursor = { atMs: last.startedAtMs, id: last.id };
  }
  const point = await resume.find(userId);
  return {
    history,
    settings: { paused: await store.isPaused(userId) },
    recent: (await store.listRecent(userId, MOST_RECENT)).map(({ kind, sourceId, playedAtMs }) => ({
      kind,
      id: sourceId,
      playedAt: iso(playedAtMs),
    })),
    resume: point && {
      trackId: point.trackId,
      positionSeconds: point.positionSeconds,
      queue: point.queue,
      updatedAt: iso(point.updatedAtMs),
    },
  };
}

/** Takes somebody out of some of their plays, which stay as nobody's, and forgets the rest; returns whether that was all. */
export async function eraseListening(
  { store, resume }: PlaysDeps,
  userId: string,
  limit: number,
): Promise<boolean> {
  if (!(await store.forgetSome(userId, ALWAYS, limit))) return false;
  await resume.erase(userId);
  await store.eraseSettings(userId);
  return true;
}
