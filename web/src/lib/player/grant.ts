import { apiClient, jsonOf, type PlaybackGrant } from '$lib/api/client.ts';

/** What a grant is asked for. */
export interface GrantWish {
  trackId: string;
  lossless: boolean;
  /** Null for the whole ladder. */
  maxBitrateKbps: number | null;
}

/** Asks the API for the address that plays a track. Throws ApiError. */
export function requestGrant({ trackId, lossless, maxBitrateKbps }: GrantWish): Promise<PlaybackGrant> {
  return jsonOf(
    apiClient().api.v1.playback.$post({
      json: {
        trackId,
        ...(lossless ? { lossless } : {}),
        ...(maxBitrateKbps === null ? {} : { maxBitrateKbps }),
      },
    }),
  );
}
