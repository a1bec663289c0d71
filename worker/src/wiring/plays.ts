import { findPlayed } from '../features/catalogue/tracks/played.ts';
import type { TrackStore } from '../features/catalogue/tracks/store.ts';
import { eraseListening, exportListening } from '../features/plays/own-data.ts';
import { PlayStore } from '../features/plays/play-store.ts';
import type { Cards } from '../features/plays/ports.ts';
import { ResumeStore } from '../features/plays/resume-store.ts';
import type { PlaysDeps } from '../features/plays/service.ts';
import type { Database } from '../platform/db.ts';

/** Returns plays with what they need of other features. */
export function playsOf(db: Database, tracks: TrackStore, cards: Cards): PlaysDeps {
  return {
    store: new PlayStore(db, (trackId, count, guard) => tracks.addPlays(trackId, count, guard)),
    resume: new ResumeStore(db),
    findPlayed: (trackIds, listenerId) => findPlayed(db, trackIds, listenerId),
    cards,
  };
}

/** Yields what is kept of what somebody listens to, for the copy of their data. */
export async function* playsDocuments(plays: PlaysDeps, userId: string) {
  const kept = await exportListening(plays, userId);
  for (const [name, content] of Object.entries(kept)) yield { path: `listening/${name}.json`, content };
}

/** Returns what takes somebody out of their plays, and removes the plays of the tracks that go with them. */
export function playsErasers(plays: PlaysDeps, tracks: TrackStore, limit: number) {
  return {
    plays: ({ id }: { id: string }) => eraseListening(plays, id, limit),
    playsOfTracks: async ({ id }: { id: string }) => {
      for (const track of (await tracks.listOwned(id, { limit })).slice(0, limit)) {
        if (!(await plays.store.forgetTrack(track.id, limit))) return false;
      }
      return true;
    },
  };
}
