import { ApiError } from '$lib/api/api-error.ts';
import { apiClient, succeed } from '$lib/api/client.ts';
import type { Play } from './play-log.ts';
import { PlayOutbox } from './play-outbox.ts';

/** Sends plays to the API. Throws ApiError where it may take them in later. */
async function sendPlays(plays: readonly Play[], isLeaving: boolean): Promise<void> {
  try {
    // A page that goes away may still finish what it has begun to send.
    await succeed(
      apiClient().api.v1.plays.$post({ json: { plays: [...plays] } }, { init: { keepalive: isLeaving } }),
    );
  } catch (error) {
    // What the API can make nothing of today it will make nothing of tomorrow.
    if (error instanceof ApiError && error.code === 'validation_failed') return;
    throw error;
  }
}

/** The plays of this browser that the API has not taken in yet. */
export const playOutbox = new PlayOutbox(sendPlays);
