import { AAC_BITRATES_KBPS, LOSSLESS_MASTER_PATH, masterPlaylistPath } from '@melro/transcoder/contract';
import type { PlayableTrack, SignToken } from './ports.ts';

const SHORTEST_GRANT_SECONDS = 3600;
/** Grants asked for within one step are one address, which the browser's cache then knows. */
const STEP_SECONDS = 3600;

/**
 * Returns when a grant ends, in seconds since the epoch: after three times the track and at least an hour,
 * rounded up to a whole step.
 */
export function grantExpirySeconds(durationSeconds: number | null, nowSeconds: number): number {
  const lifetime = Math.ceil(Math.max(3 * (durationSeconds ?? 0), SHORTEST_GRANT_SECONDS));
  return Math.ceil((nowSeconds + lifetime) / STEP_SECONDS) * STEP_SECONDS;
}

/** Returns the highest rendition of the ladder at or below what was asked for, in kbit/s. */
export function highestBitrateKbps(maxBitrateKbps: number | undefined): number {
  const allowed = AAC_BITRATES_KBPS.filter(
    (bitrate) => bitrate <= (maxBitrateKbps ?? Number.POSITIVE_INFINITY),
  );
  return allowed.at(-1) ?? AAC_BITRATES_KBPS[0];
}

/** Returns the addresses that play a track, and when they end. */
export async function makeGrant(
  track: PlayableTrack,
  wish: { maxBitrateKbps?: number | undefined; lossless?: boolean | undefined },
  session: string,
  nowSeconds: number,
  signToken: SignToken,
): Promise<{ url: string; losslessUrl?: string; expiresAt: string }> {
  const max = highestBitrateKbps(wish.maxBitrateKbps);
  const exp = grantExpirySeconds(track.durationSeconds, nowSeconds);
  const token = await signToken({
    trk: track.trackId,
    ver: track.version,
    max,
    lossless: wish.lossless ? 1 : 0,
    live: track.isLive ? 1 : 0,
    ses: session,
    iat: Math.floor(nowSeconds / STEP_SECONDS) * STEP_SECONDS,
    exp,
  });
  const base = `/media/${token}/${track.trackId}/${track.version}/`;
  return {
    url: base + masterPlaylistPath(max),
    ...(wish.lossless ? { losslessUrl: base + LOSSLESS_MASTER_PATH } : {}),
    expiresAt: new Date(exp * 1000).toISOString(),
  };
}
