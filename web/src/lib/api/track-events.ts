import { toApiError } from './api-error.ts';
import { apiClient, succeed, type Track } from './client.ts';
import { readServerSentEvents } from './server-sent-events.ts';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;

/** Tells whether nothing more will happen to a track by itself. */
export function isSettled(track: Track): boolean {
  return track.state === 'ready' || track.state === 'failed';
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Yields a track each time it changes, until it is ready or has failed. A lost stream is taken up again.
 * Throws ApiError where the track is not there.
 */
export async function* followTrack(trackId: string, signal: AbortSignal): AsyncGenerator<Track> {
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      const route = apiClient().api.v1.tracks[':trackId'].events;
      const response = await succeed(route.$get({ param: { trackId } }, { init: { signal } }));
      if (response.body === null) return;
      for await (const { event, data } of readServerSentEvents(response.body)) {
        if (event !== 'track') continue;
        retryMs = FIRST_RETRY_MS;
        const track = JSON.parse(data) as Track;
        yield track;
        if (isSettled(track)) return;
      }
    } catch (cause) {
      if (signal.aborted) return;
      const error = toApiError(cause);
      if (error.kind === 'refused') throw error;
    }
    await pause(retryMs, signal);
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  }
}
