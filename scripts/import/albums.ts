import { basename, dirname, parse } from 'node:path';
import type { Tags } from './tags.ts';
import { byName, type FoundFile } from './walk.ts';

export type Song = FoundFile & { tags: Tags | undefined };

export type Album = { name: string; artist: string; songs: Song[] };

/**
 * Returns the songs grouped by album, each in the order of disc and track number. Songs without an album
 * tag form an album with their folder's other ones. One album artist is assumed within a folder, so that
 * compilations stay together.
 */
export function groupByAlbum(songs: readonly Song[]): Album[] {
  const groups = new Map<string, Song[]>();
  for (const song of songs) {
    const album = song.tags?.album;
    const key =
      album === undefined
        ? `folder\0${dirname(song.path)}`
        : `album\0${album.toLowerCase()}\0${(song.tags?.albumArtist ?? dirname(song.path)).toLowerCase()}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [song]);
    else group.push(song);
  }
  return [...groups.values()]
    .map((group) => {
      const sorted = group.sort(inOrder);
      const first = sorted[0];
      return {
        name: first?.tags?.album ?? basename(dirname(first?.path ?? '')),
        artist: artistOf(sorted),
        songs: sorted,
      };
    })
    .sort((a, b) => byName(a.artist, b.artist) || byName(a.name, b.name));
}

function artistOf(songs: readonly Song[]): string {
  const albumArtist = songs.find(({ tags }) => tags?.albumArtist !== undefined)?.tags?.albumArtist;
  if (albumArtist !== undefined) return albumArtist;
  const artists = new Set(songs.flatMap(({ tags }) => (tags?.artist === undefined ? [] : [tags.artist])));
  if (artists.size === 1) return [...artists].join();
  return artists.size === 0 ? 'Unknown artist' : 'Various artists';
}

function inOrder(a: Song, b: Song): number {
  return (
    (a.tags?.discNumber ?? 1) - (b.tags?.discNumber ?? 1) ||
    (a.tags?.trackNumber ?? Number.MAX_SAFE_INTEGER) - (b.tags?.trackNumber ?? Number.MAX_SAFE_INTEGER) ||
    byName(a.relativePath, b.relativePath)
  );
}

/** Returns how a song is called in messages. */
export function songLabel(song: Song): string {
  const { title, artist } = song.tags ?? {};
  if (title === undefined) return basename(song.path);
  return artist === undefined ? title : `${artist} — ${title}`;
}

/** Returns the names of the release that a song is put on: its album's, or for a song of no album its own. */
export function releaseOf(album: Album, song: Song): { artist: string; title: string } {
  const { title, artist, album: albumTag } = song.tags ?? {};
  if (albumTag !== undefined) return { artist: album.artist, title: album.name };
  return { artist: artist ?? 'Unknown artist', title: title ?? parse(song.path).name };
}
