import type { ReleaseRow } from './release-store.ts';

/** What a release still lacks before it can be published. */
export interface ChecklistItem {
  code: 'title' | 'artwork' | 'tracks' | 'track_pending' | 'track_failed';
  /** The track that it is about. */
  trackId: string | null;
}

/** Returns what is missing; empty where the release may be published. */
export function checklistOf(
  release: Pick<ReleaseRow, 'title' | 'artwork' | 'typedFields'>,
  tracks: readonly { id: string; state: string; version: string | null }[],
): ChecklistItem[] {
  const missing: ChecklistItem[] = [];
  if (release.title === '') missing.push({ code: 'title', trackId: null });
  // Whoever has taken the cover away wants none.
  if (release.artwork === null && !release.typedFields.includes('artwork'))
    missing.push({ code: 'artwork', trackId: null });
  if (tracks.length === 0) missing.push({ code: 'tracks', trackId: null });
  for (const { id, state, version } of tracks) {
    if (version !== null) continue;
    missing.push({ code: state === 'failed' ? 'track_failed' : 'track_pending', trackId: id });
  }
  return missing;
}
