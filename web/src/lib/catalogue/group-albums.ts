import type { Track } from '$lib/api/client.ts';

/** Tracks that say they belong together. */
export interface Album {
  title: string;
  artist: string;
  /** In playing order. */
  tracks: Track[];
  /** The newest of them, by which the album is addressed. */
  newest: Track;
  /** The one whose cover stands for the album. */
  face: Track;
}

/** Albums, and the tracks that are in none, both newest first. */
export interface Shelf {
  albums: Album[];
  loose: Track[];
}

/** Returns what identifies a track's album, or null for a track without one. */
export function albumKey(track: Track): string | null {
  if (track.album === null) return null;
  return JSON.stringify([track.albumArtist ?? track.artist ?? '', track.album]).toLowerCase();
}

function inPlayingOrder(a: Track, b: Track): number {
  return (
    (a.discNumber ?? 1) - (b.discNumber ?? 1) ||
    (a.trackNumber ?? Number.MAX_SAFE_INTEGER) - (b.trackNumber ?? Number.MAX_SAFE_INTEGER) ||
    a.trackId.localeCompare(b.trackId)
  );
}

/** Groups tracks that come newest first; an album of fewer than `leastTracks` counts as loose tracks. */
export function groupAlbums(newestFirst: readonly Track[], leastTracks = 2): Shelf {
  const groups = new Map<string, Track[]>();
  for (const track of newestFirst) {
    // A key that no album has keeps tracks without one apart.
    const key = albumKey(track) ?? track.trackId;
    groups.set(key, [...(groups.get(key) ?? []), track]);
  }
  const shelf: Shelf = { albums: [], loose: [] };
  for (const group of groups.values()) {
    const [newest] = group;
    if (newest === undefined) continue;
    if (group.length < leastTracks || newest.album === null) shelf.loose.push(...group);
    else {
      const artist = newest.albumArtist ?? newest.artist ?? 'Unknown artist';
      const tracks = group.toSorted(inPlayingOrder);
      const face = tracks.find(({ artwork }) => artwork !== null) ?? newest;
      shelf.albums.push({ title: newest.album, artist, tracks, newest, face });
    }
  }
  return shelf;
}

/** Returns an album's length in seconds, as far as it is known. */
export function albumSeconds({ tracks }: Album): number {
  return tracks.reduce((sum, { durationSeconds }) => sum + (durationSeconds ?? 0), 0);
}
