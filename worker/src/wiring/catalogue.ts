import type { AccountStore } from '../features/accounts/store.ts';
import { ArtistStore } from '../features/catalogue/artists/artist-store.ts';
import type { PeoplePort } from '../features/catalogue/ports.ts';
import type { TrackStore } from '../features/catalogue/tracks/store.ts';
import type { Database } from '../platform/db.ts';

/** What the catalogue is wired to. */
export interface CatalogueParts {
  db: Database;
  media: R2Bucket;
  tracks: TrackStore;
  accounts: AccountStore;
}

function peopleOf(accounts: AccountStore): PeoplePort {
  return {
    findIdByHandle: async (handle) => (await accounts.findByHandle(handle.toLowerCase()))?.id ?? null,
    findCards: async (userIds) => {
      const rows = await Promise.all(userIds.map((id) => accounts.findUser(id)));
      const known = rows.filter((row) => row !== null);
      return new Map(known.map(({ id, handle, name }) => [id, { handle, name, avatar: null }]));
    },
  };
}

/** Returns what the catalogue's routes and sweep need. */
export function catalogueOf({ db, media, tracks, accounts }: CatalogueParts) {
  const artists = new ArtistStore(db);
  const changed = async () => undefined;
  return {
    tracks: { store: tracks, media },
    artists: { store: artists, people: peopleOf(accounts), changed },
  };
}
