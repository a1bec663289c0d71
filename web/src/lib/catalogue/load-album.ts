import { apiClient, jsonOf, type Track } from '$lib/api/client.ts';
import { type Album, albumKey, groupAlbums } from './group-albums.ts';
import { loadCatalogue } from './load-catalogue.ts';

/** Pages of the catalogue that are looked through for tracks that are newer than the one in the address. */
const PAGES = 5;

/** Returns the published tracks from the newest on, up to the page that holds `trackId` unless that is far away. */
async function newestTracks(fetchFn: typeof fetch, trackId: string): Promise<Track[]> {
  const tracks: Track[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const { tracks: found, nextCursor } = await loadCatalogue(fetchFn, cursor);
    tracks.push(...found);
    cursor = nextCursor;
    if (cursor === null || cursor < trackId) break;
  }
  return tracks;
}

/**
 * Returns the album that a track belongs to, or null where it belongs to none. Albums are what tags say;
 * what was uploaded together lies together in the catalogue, so a few pages hold it. Throws ApiError.
 */
export async function loadAlbum(fetchFn: typeof fetch, trackId: string): Promise<Album | null> {
  const [track, newest, following] = await Promise.all([
    jsonOf(apiClient(fetchFn).api.v1.tracks[':trackId'].$get({ param: { trackId } })),
    newestTracks(fetchFn, trackId),
    loadCatalogue(fetchFn, trackId),
  ]);
  const key = albumKey(track);
  if (key === null) return null;
  const candidates = [...newest, track, ...following.tracks].filter((one) => albumKey(one) === key);
  const unique = new Map(candidates.map((one) => [one.trackId, one]));
  const newestFirst = [...unique.values()].toSorted((a, b) => b.trackId.localeCompare(a.trackId));
  return groupAlbums(newestFirst, 1).albums[0] ?? null;
}
