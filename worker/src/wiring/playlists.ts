import { findPersonByHandle, findPersonCards } from '../features/accounts/person-cards.ts';
import { findTrackCards } from '../features/catalogue/cards.ts';
import { EntryStore } from '../features/playlists/entries/entry-store.ts';
import { MemberStore } from '../features/playlists/members/member-store.ts';
import type { PlaylistDeps } from '../features/playlists/service.ts';
import { PlaylistStore } from '../features/playlists/store.ts';
import type { Database } from '../platform/db.ts';

/** Returns what playlists need, with their ports filled. */
export function playlistsOf(db: Database, isProduction: boolean): PlaylistDeps {
  return {
    store: new PlaylistStore(db),
    entries: new EntryStore(db),
    members: new MemberStore(db),
    findTracks: (ids, viewerId) => findTrackCards(db, ids, viewerId),
    findPeople: (ids) => findPersonCards(db, ids),
    findPerson: (handle) => findPersonByHandle(db, handle, isProduction),
  };
}
