import { errorFromBody } from '$lib/api/api-error.ts';
import { apiClient, succeed } from '$lib/api/client.ts';

/** Returns the peaks that a track's waveform is drawn from, 0 to 255 each. Throws ApiError. */
export async function loadPeaks(waveformUrl: string, signal: AbortSignal): Promise<number[]> {
  const [, trackId = '', version] = /\/tracks\/([^/]+)\/waveform(?:\?v=(.+))?$/.exec(waveformUrl) ?? [];
  const route = apiClient().api.v1.tracks[':trackId'].waveform;
  const query = version === undefined ? {} : { v: version };
  const response = await succeed(route.$get({ param: { trackId }, query }, { init: { signal } }));
  const { peaks } = (await response.json()) as { peaks: unknown };
  if (!Array.isArray(peaks)) throw errorFromBody(response.status, '');
  return peaks.map(Number);
}
