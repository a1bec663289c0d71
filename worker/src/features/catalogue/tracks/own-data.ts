import { trackHlsPrefix } from '../../../platform/r2-keys.ts';
import { deletePrefix } from '../../../platform/r2-objects.ts';
import { presentTrack } from './present.ts';
import type { TrackStore } from './store.ts';

const PAGE = 100;

/** Returns what is kept of somebody's tracks. */
export async function exportTracks(store: TrackStore, ownerId: string): Promise<unknown[]> {
  const tracks: unknown[] = [];
  for (let cursor: string | undefined; ; ) {
    const rows = await store.listOwned(ownerId, { cursor, limit: PAGE });
    const page = rows.slice(0, PAGE);
    tracks.push(...page.map((row) => ({ ...presentTrack(row, true), fileName: row.fileName })));
    if (rows.length <= PAGE) return tracks;
    cursor = page.at(-1)?.id;
  }
}

/**
 * Removes some of somebody's tracks with everything that was made of them; returns whether none is left. May be cut
 * off anywhere and repeated: a row goes after its objects.
 */
export async function eraseTracks(
  { store, media }: { store: TrackStore; media: R2Bucket },
  ownerId: string,
  limit: number,
): Promise<boolean> {
  const rows = await store.listOwned(ownerId, { limit });
  for (const { id } of rows.slice(0, limit)) {
    await deletePrefix(media, trackHlsPrefix(id));
    await store.erase(id);
  }
  return rows.length <= limit;
}
