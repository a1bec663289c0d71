import type { SQL } from 'drizzle-orm';
import type { ArtistCard, FindCards, PlaylistCard, ReleaseCard, TrackCard } from '../../platform/cards.ts';
import type { Statement } from '../../platform/db.ts';
import type { PlayedTrack } from './rule.ts';

/** The cards of whatever can be played, or played from. */
export interface Cards {
  track: FindCards<TrackCard>;
  release: FindCards<ReleaseCard>;
  artist: FindCards<ArtistCard>;
  playlist: FindCards<PlaylistCard>;
}

/** Returns what the rules need of those of these tracks that somebody may hear. */
export type FindPlayed = (
  trackIds: readonly string[],
  listenerId: string,
) => Promise<ReadonlyMap<string, PlayedTrack>>;

/** Returns the write that adds plays to a track's counter while `guard` holds. */
export type AddPlays = (trackId: string, count: number, guard: SQL) => Statement;
