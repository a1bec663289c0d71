import { findPersonByHandle, findPersonCards } from '../features/accounts/person-cards.ts';
import { findTrackCards } from '../features/catalogue/cards.ts';
import { matchTracks } from '../features/catalogue/match-tracks.ts';
import { CATALOGUE_SMART_FIELDS, NEWEST_TRACKS } from '../features/catalogue/smart-fields.ts';
import { LIBRARY_SMART_FIELDS } from '../features/library/smart-fields.ts';
import { EntryStore } from '../features/playlists/entries/entry-store.ts';
import { MemberStore } from '../features/playlists/members/member-store.ts';
import type { PlaylistDeps } from '../features/playlists/service.ts';
import { evaluator } from '../features/playlists/smart/evaluate.ts';
import { PlaylistStore } from '../features/playlists/store.ts';
import { PLAYS_SMART_FIELDS } from '../features/plays/smart-fields.ts';
import type { Database } from '../platform/db.ts';
import type { ImageDeps } from '../platform/image-store.ts';
import type { Settings } from '../platform/settings.ts';

const SMART_FIELDS = [...CATALOGUE_SMART_FIELDS, ...LIBRARY_SMART_FIELDS, ...PLAYS_SMART_FIELDS];

/** Returns what playlists need, with their ports filled. */
export function playlistsOf(db: Database, images: ImageDeps, settings: Settings): PlaylistDeps {
  const isProduction = settings.environment === 'production';
  return {
    store: new PlaylistStore(db),
    entries: new EntryStore(db),
    members: new MemberStore(db),
    evaluate: evaluator(db, SMART_FIELDS, NEWEST_TRACKS),
    smartFields: SMART_FIELDS,
    images,
    publicOrigin: settings.publicOrigin,
    matchTracks: (wishes, viewerId) => matchTracks(db, wishes, viewerId),
    findTracks: (ids, viewerId) => findTrackCards(db, ids, viewerId),
    findPeople: (ids) => findPersonCards(db, ids),
    findPerson: (handle) => findPersonByHandle(db, handle, isProduction),
  };
}
