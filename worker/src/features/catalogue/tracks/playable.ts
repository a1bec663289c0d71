import { presentTrack } from './present.ts';
import type { TrackStore } from './store.ts';

/**
 * Returns what playback may know of a track: the published version, or for its owner the one being written.
 * `not_found` hides from others that a track exists, `not_yet` tells its owner to wait.
 */
export async function findPlayable(store: TrackStore, trackId: string, principalId: string | null) {
  const row = await store.find(trackId);
  const isOwner = row?.ownerId === principalId;
  if (row === null || (row.listedAtMs === null && !isOwner)) return 'not_found';
  const version = row.version ?? row.previewVersion;
  if (version === null) return 'not_yet';
  const { durationSeconds, loudness, waveformUrl } = presentTrack(row, isOwner);
  return { trackId, version, isLive: row.version === null, durationSeconds, loudness, waveformUrl };
}
