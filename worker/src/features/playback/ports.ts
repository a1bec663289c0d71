/** A track as playback sees it. */
export interface PlayableTrack {
  trackId: string;
  version: string;
  /** True while the version is still being written. */
  isLive: boolean;
  durationSeconds: number | null;
  loudness: { integratedLufs: number; rangeLu: number; truePeakDbtp: number } | null;
  waveformUrl: string | null;
}

/** Returns what may be played; `not_found` hides what may not be seen, `not_yet` is seen but has no sound yet. */
export type FindPlayable = (
  trackId: string,
  principalId: string | null,
) => Promise<PlayableTrack | 'not_found' | 'not_yet'>;

/** Signs the claims of a media token. */
export type SignToken = (claims: {
  trk: string;
  ver: string;
  max: number;
  lossless: 0 | 1;
  live: 0 | 1;
  ses: string;
  iat: number;
  exp: number;
}) => Promise<string>;
