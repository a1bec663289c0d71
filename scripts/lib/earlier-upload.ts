import type { ApiClient, Track, Upload } from './api-client.ts';
import { ApiError } from './api-error.ts';

/** What the server already has of a file. */
export type Earlier =
  | { kind: 'nothing' }
  | { kind: 'unfinished'; upload: Upload }
  | { kind: 'present'; track: Track };

/**
 * Returns what an earlier run left at the server of the file with this SHA-256: a track, an upload to be
 * continued, or nothing (refused, expired or deleted uploads count as nothing).
 */
export async function findEarlier(
  client: ApiClient,
  file: { sha256: string; sizeBytes: number },
  now: number = Date.now(),
): Promise<Earlier> {
  const uploads = (await client.findUploads(file.sha256)).filter(
    (upload) => upload.sizeBytes === file.sizeBytes,
  );
  for (const upload of uploads) {
    if (upload.state !== 'completed') continue;
    const track = await trackOrNothing(client, upload.trackId);
    if (track !== undefined) return { kind: 'present', track };
  }
  const upload = uploads.find(({ state, expiresAt }) => state === 'receiving' && Date.parse(expiresAt) > now);
  return upload === undefined ? { kind: 'nothing' } : { kind: 'unfinished', upload };
}

async function trackOrNothing(client: ApiClient, trackId: string): Promise<Track | undefined> {
  try {
    return await client.getTrack(trackId);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
