import type { InferResponseType } from 'hono/client';
import { type ApiClient, apiClient, jsonOf, succeed } from '$lib/api/client.ts';

type One = ApiClient['api']['v1']['playlists'][':playlistId'];
export type PlaylistPage = InferResponseType<One['$get'], 200>;
export type Entry = PlaylistPage['entries']['items'][number];
export type ChangedEntries = InferResponseType<One['entries']['$post'], 200>;
export type KeptPlaylist = InferResponseType<
  ApiClient['api']['v1']['me']['playlists']['$get'],
  200
>['items'][number];
export type Visibility = PlaylistPage['visibility'];
export type Duplicates = 'refuse' | 'skip' | 'allow';

const one = (fetchFn?: typeof fetch) => apiClient(fetchFn).api.v1.playlists[':playlistId'];

/** Returns a playlist and the first hundred of what is in it. Rejects with ApiError, as all of these. */
export function readPlaylist(playlistId: string, fetchFn: typeof fetch): Promise<PlaylistPage> {
  return jsonOf(one(fetchFn).$get({ param: { playlistId } }));
}

export function readEntries(playlistId: string, cursor: string): Promise<PlaylistPage['entries']> {
  return jsonOf(one().entries.$get({ param: { playlistId }, query: { cursor } }));
}

/** Returns a page of what somebody owns or works on, in their own order. */
export function readMine(fetchFn: typeof fetch, cursor: string | null = null) {
  const query = { limit: '100', ...(cursor === null ? {} : { cursor }) };
  return jsonOf(apiClient(fetchFn).api.v1.me.playlists.$get({ query }));
}

export function createPlaylist(title: string) {
  return jsonOf(apiClient().api.v1.playlists.$post({ json: { title } }));
}

export function changePlaylist(
  playlistId: string,
  json: { title?: string; description?: string; visibility?: Visibility },
) {
  return jsonOf(one().$patch({ param: { playlistId }, json }));
}

export function removePlaylist(playlistId: string): Promise<unknown> {
  return succeed(one().$delete({ param: { playlistId } }));
}

export function restorePlaylist(playlistId: string): Promise<unknown> {
  return succeed(one().restore.$post({ param: { playlistId } }));
}

export function duplicatePlaylist(playlistId: string) {
  return jsonOf(one().duplicate.$post({ param: { playlistId } }));
}

export function addTracks(
  playlistId: string,
  trackIds: readonly string[],
  duplicates: Duplicates,
): Promise<ChangedEntries> {
  const entries = trackIds.map((trackId) => ({ trackId }));
  return jsonOf(one().entries.$post({ param: { playlistId }, json: { entries, duplicates } }));
}

/** What an editor asks of the API, so that its rules can be tried without one. */
export interface EntriesServer {
  move(entryIds: string[], after: string | null): Promise<ChangedEntries>;
  remove(entryIds: string[]): Promise<ChangedEntries>;
  restore(entryIds: string[]): Promise<ChangedEntries>;
}

export function entriesServer(playlistId: string): EntriesServer {
  const param = { playlistId };
  const { moves, removals, restorations } = one().entries;
  return {
    move: (entryIds, after) => jsonOf(moves.$post({ param, json: { entryIds, after } })),
    remove: (entryIds) => jsonOf(removals.$post({ param, json: { entryIds } })),
    restore: (entryIds) => jsonOf(restorations.$post({ param, json: { entryIds } })),
  };
}
