import type { Track } from '$lib/api/client.ts';

/** A square picture in three sizes. */
export type Cover = NonNullable<Track['artwork']>;

/** The short form in which lists and the player know a track; the API's own. */
export interface TrackCard {
  trackId: string;
  title: string;
  versionTitle: string | null;
  artistName: string | null;
  artist: { artistId: string; slug: string; name: string } | null;
  release: { releaseId: string; slug: string; title: string } | null;
  discNumber: number | null;
  trackNumber: number | null;
  durationSeconds: number | null;
  explicit: boolean;
  artwork: Cover | null;
}

/** Returns the card of a track that came in full. */
export function cardOf(track: Track): TrackCard {
  return {
    trackId: track.trackId,
    title: track.title,
    versionTitle: null,
    artistName: track.artist,
    artist: null,
    release: null,
    discNumber: track.discNumber,
    trackNumber: track.trackNumber,
    durationSeconds: track.durationSeconds,
    explicit: false,
    artwork: track.artwork,
  };
}

/** Returns the cards of those tracks that can be played. */
export function playableCards(tracks: readonly Track[]): TrackCard[] {
  return tracks.filter(({ playable }) => playable).map(cardOf);
}

/** Returns what a cover is drawn from where there is none: tracks of one release look alike. */
export function seedOf({ release, title }: Pick<TrackCard, 'release' | 'title'>): string {
  return release?.title ?? title;
}
