import { imagesPrefix } from '../../platform/r2-keys.ts';
import { deletePrefix } from '../../platform/r2-objects.ts';
import type { PlaylistDeps } from './service.ts';

const PAGE = 100;

/** Yields what is kept of somebody's playlists, one document each: their own whole, of others' the name and the folder. */
export async function* exportPlaylists(
  { store, entries }: Pick<PlaylistDeps, 'store' | 'entries'>,
  userId: string,
): AsyncGenerator<{ path: string; content: unknown }> {
  for (let after: [string, string] | null = null; ; ) {
    const rows = await store.listKept(userId, after, PAGE);
    for (const row of rows.slice(0, PAGE)) {
      const content = {
        playlistId: row.id,
        title: row.title,
        role: row.role,
        folderId: row.folderId,
        ...(row.role === 'owner' && {
          description: row.description,
          visibility: row.visibility,
          rules: row.rules,
          createdAt: new Date(row.createdAtMs).toISOString(),
          entries: await tracksOf(entries, row.id),
        }),
      };
      yield { path: `playlists/${row.id}.json`, content };
    }
    const last = rows[PAGE - 1];
    if (rows.length <= PAGE || last === undefined) return;
    after = [last.keptAt, last.id];
  }
}

async function tracksOf(entries: PlaylistDeps['entries'], playlistId: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let after: [string, string] | null = null; ; ) {
    const rows = await entries.list(playlistId, after, 1000);
    const page = rows.slice(0, 1000);
    found.push(
      ...page.map(({ trackId, addedAtMs }) => ({ trackId, addedAt: new Date(addedAtMs).toISOString() })),
    );
    const last = page.at(-1);
    if (rows.length <= 1000 || last === undefined) return found;
    after = [last.position, last.id];
  }
}

type Kept = Pick<PlaylistDeps, 'store' | 'images'>;

function removingImages({ images }: Kept) {
  return (playlistId: string) => deletePrefix(images.media, imagesPrefix(playlistId));
}

/** Deletes for good what was thrown away long enough ago, with its pictures; returns how many playlists are gone. */
export function sweepPlaylists(kept: Kept, nowMs: number, limit: number): Promise<number> {
  return kept.store.sweep(nowMs, limit, removingImages(kept));
}

/** Removes some of what is kept of somebody, with the pictures; returns whether nothing is left. Repeatable. */
export function erasePlaylists(kept: Kept, userId: string, limit: number): Promise<boolean> {
  return kept.store.erase(userId, limit, removingImages(kept));
}
