import { presentTrack } from './present.ts';
import type { TrackStore } from './store.ts';

/**
 * Returns what playback may know of a track: the published version, or for those who made it the one being written.
 * `not_found` hides from others that a track exists, `not_yet` tells them to wait.
 */
export async function findPlayable(store: TrackStore, trackId: string, principalId: string | null) {
  const seen = await store.findFor(trackId, principalId);
  if (seen === null) return 'not_found';
  const { row, isOwn } = seen;
  const version = row.version ?? row.previewVersion;
  if (version === null) return 'not_yet';
  const { durationSeconds, loudness, waveformUrl } = presentTrack(row, isOwn);
  return { trackId, version, isLive: row.version === null, durationSeconds, loudness, waveformUrl };
}
