/** What a media token says (JWT claims, short because every segment request carries them). */
export interface MediaClaims {
  /** Track. */
  trk: string;
  /** Version. */
  ver: string;
  /** Highest AAC rendition allowed, in kbit/s. */
  max: number;
  /** 1 where the FLAC rendition is allowed. */
  lossless: 0 | 1;
  /** 1 while the version is still being written: its playlists change and must not be cached. */
  live: 0 | 1;
  /** The listening session. */
  ses: string;
  /** Begin of the step in which it was granted, so that grants within a step are the same token (RFC 7519, 4.1.6). */
  iat: number;
  /** End of validity in seconds since the epoch (RFC 7519, 4.1.4). */
  exp: number;
}

/** Signing keys by `kid`: `current` signs, all of them verify. */
export interface MediaKeys {
  current: string;
  keys: Record<string, string>;
}
