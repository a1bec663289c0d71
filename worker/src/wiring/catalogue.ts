import { presentPersonCard } from '../features/accounts/present-person.ts';
import type { AccountStore } from '../features/accounts/store.ts';
import { ArtistStore } from '../features/catalogue/artists/artist-store.ts';
import type { PeoplePort, TellChanged } from '../features/catalogue/ports.ts';
import type { TrackStore } from '../features/catalogue/tracks/store.ts';
import type { AnswerCache } from '../platform/cache/answer-cache.ts';
import { artistTag, LISTS, releaseTag, trackTag } from '../platform/cache/tags.ts';
import type { Database } from '../platform/db.ts';

/** What the catalogue is wired to. */
export interface CatalogueParts {
  db: Database;
  media: R2Bucket;
  tracks: TrackStore;
  accounts: AccountStore;
  cache: AnswerCache;
}

function peopleOf(accounts: AccountStore): PeoplePort {
  return {
    findIdByHandle: async (handle) => (await accounts.findByHandle(handle.toLowerCase()))?.id ?? null,
    findCards: async (userIds) => {
      const rows = await Promise.all(userIds.map((id) => accounts.findUser(id)));
      const known = rows.filter((row) => row !== null);
      return new Map(known.map((row) => [row.id, presentPersonCard(row)]));
    },
  };
}

const TAGS: Record<string, (id: string) => string> = { art: artistTag, rel: releaseTag, trk: trackTag };

/** Ends public answers that show things with these ids. */
function teller(cache: AnswerCache): TellChanged {
  return (...ids) => cache.invalidate([LISTS, ...ids.map((id) => TAGS[id.slice(0, 3)]?.(id) ?? LISTS)]);
}

/** Returns what the catalogue's routes and sweep need. */
export function catalogueOf({ db, media, tracks, accounts, cache }: CatalogueParts) {
  const artists = new ArtistStore(db);
  const changed = teller(cache);
  return {
    reads: { db, cache },
    tracks: { store: tracks, media },
    artists: { store: artists, people: peopleOf(accounts), changed },
  };
}
