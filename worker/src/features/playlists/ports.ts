import type { FindCards, PersonCard, TrackCard } from '../../platform/cards.ts';
import type { MatchTracks } from '../../platform/match-tracks.ts';

/** What playlists ask of other features. */
export interface PlaylistPorts {
  findTracks: FindCards<TrackCard>;
  matchTracks: MatchTracks;
  /** Cards by account id; who has no account has none. */
  findPeople(ids: readonly string[]): Promise<ReadonlyMap<string, PersonCard>>;
  /** Returns the account behind a handle and whether its page is hidden from others; null where there is none. */
  findPerson(handle: string): Promise<{ id: string; isHidden: boolean } | null>;
}
