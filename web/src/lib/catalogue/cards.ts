import type { InferResponseType } from 'hono/client';
import type { ApiClient, Track } from '$lib/api/client.ts';

type V1 = ApiClient['api']['v1'];
type ArtistRoutes = V1['artists'][':artistId'];

export type Home = InferResponseType<V1['home']['$get'], 200>;
export type ReleasePage = InferResponseType<V1['releases'][':releaseId']['$get'], 200>;
export type ReleaseTrack = ReleasePage['tracks'][number];
export type Credit = ReleasePage['credits'][number];
export type Label = ReleasePage['genres'][number];
export type Licence = ReleasePage['licence'];
export type ArtistPage = InferResponseType<ArtistRoutes['$get'], 200>;
export type CountedLabel = InferResponseType<V1['genres'][':slug']['$get'], 200>;
export type Lyrics = InferResponseType<V1['tracks'][':trackId']['lyrics']['$get'], 200>;

/** The short forms in which lists and the player know things. */
export type ReleaseCard = Home['newReleases'][number];
export type TrackCard = Home['popularTracks'][number];
export type ArtistCard = Home['newArtists'][number];

/** A square picture in three sizes. */
export type Cover = NonNullable<TrackCard['artwork']>;

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
