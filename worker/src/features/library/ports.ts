import type {
  ArtistCard,
  FindCards,
  PersonCard,
  PlaylistCard,
  ReleaseCard,
  TrackCard,
} from '../../platform/cards.ts';

/** The cards of whatever can be kept; whoever may not see a thing gets no card of it. Of people by the id. */
export interface Cards {
  track: FindCards<TrackCard>;
  release: FindCards<ReleaseCard>;
  artist: FindCards<ArtistCard>;
  playlist: FindCards<PlaylistCard>;
  person: FindCards<PersonCard>;
}

/** Returns the ids of the people behind these handles, by handle; also of those whom nobody sees. */
export type FindPeople = (handles: readonly string[]) => Promise<ReadonlyMap<string, string>>;
