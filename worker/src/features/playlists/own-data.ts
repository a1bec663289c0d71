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
