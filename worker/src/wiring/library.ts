import { findPeopleByHandle, findPersonCards } from '../features/accounts/person-cards.ts';
import { findArtistCards, findReleaseCards, findTrackCards } from '../features/catalogue/cards.ts';
import type { TrackStore } from '../features/catalogue/tracks/store.ts';
import { MarkStore } from '../features/library/mark-store.ts';
import { eraseLibrary, exportLibrary, forgetThing } from '../features/library/own-data.ts';
import type { Cards } from '../features/library/ports.ts';
import type { LibraryDeps } from '../features/library/service.ts';
import { findCounts, RatingStore } from '../features/library/store.ts';
import { findPlaylistCards } from '../features/playlists/service.ts';
import { PlaylistStore } from '../features/playlists/store.ts';
import type { PlaysDeps } from '../features/plays/service.ts';
import type { Database } from '../platform/db.ts';

/** Returns what finds the cards of everything that lists show. */
function cardsOf(db: Database): Cards {
  const playlistParts = {
    store: new PlaylistStore(db),
    findPeople: (wanted: readonly string[]) => findPersonCards(db, wanted),
  };
  return {
    track: (ids, viewerId) => findTrackCards(db, ids, viewerId),
    release: (ids, viewerId) => findReleaseCards(db, ids, viewerId),
    artist: (ids, viewerId) => findArtistCards(db, ids, viewerId),
    playlist: (ids, viewerId) => findPlaylistCards(playlistParts, ids, viewerId),
    person: (ids) => findPersonCards(db, ids),
  };
}

/** Returns the library with what it needs of other features. */
export function libraryOf(db: Database): LibraryDeps {
  return {
    likes: new MarkStore(db, 'like'),
    follows: new MarkStore(db, 'follow'),
    ratings: new RatingStore(db),
    findCounts: (targetIds) => findCounts(db, targetIds),
    cards: cardsOf(db),
    findPeople: (handles) => findPeopleByHandle(db, handles),
  };
}

/** Rows of each kind that are forgotten at once. */
const FORGOTTEN_AT_ONCE = 200;

/** Returns what removes some of what anybody keeps of a thing that is gone, and says whether nothing is left. */
export function forgetter(library: LibraryDeps, plays: PlaysDeps): (id: string) => Promise<boolean> {
  return async (id) =>
    (await forgetThing(library, id, FORGOTTEN_AT_ONCE)) &&
    (!id.startsWith('trk_') || (await plays.store.forgetTrack(id, FORGOTTEN_AT_ONCE)));
}

/** Yields what the library keeps of somebody, for the copy of their data. */
export async function* libraryDocuments(library: LibraryDeps, userId: string) {
  const kept = await exportLibrary(library, userId);
  for (const [name, content] of Object.entries(kept)) yield { path: `library/${name}.json`, content };
}

/** Returns what removes somebody's library, and what others keep of the tracks that go with them. */
export function libraryErasers(library: LibraryDeps, tracks: TrackStore, limit: number) {
  return {
    library: ({ id }: { id: string }) => eraseLibrary(library, id, limit),
    /** Before the tracks themselves: what is gone tells no more whose it was. */
    keptTracks: async ({ id }: { id: string }) => {
      for (const track of (await tracks.listOwned(id, { limit })).slice(0, limit)) {
        if (!(await forgetThing(library, track.id, limit))) return false;
      }
      return true;
    },
  };
}
