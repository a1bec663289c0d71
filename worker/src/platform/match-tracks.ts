/** A track as somebody outside of here names it. */
export interface TrackWish {
  trackId: string | null;
  isrc: string | null;
  title: string | null;
  artist: string | null;
  durationSeconds: number | null;
}

/** What a track was recognised by, the surest first. */
export const MATCHED_BY = ['id', 'isrc', 'name'] as const;

export interface TrackMatch {
  trackId: string;
  durationSeconds: number;
  by: (typeof MATCHED_BY)[number];
}

/** Returns for each wish the track that is meant, of those that `viewerId` may see, or null. */
export type MatchTracks = (
  wishes: readonly TrackWish[],
  viewerId: string | null,
) => Promise<(TrackMatch | null)[]>;
