import type { ArtistPage, ReleaseCard, ReleasePage, TrackCard } from '$lib/catalogue/cards.ts';

/** What search engines read (schema.org). */
export type StructuredData = Record<string, unknown>;

const PRODUCTION_TYPES = {
  album: 'https://schema.org/AlbumRelease',
  ep: 'https://schema.org/EPRelease',
  single: 'https://schema.org/SingleRelease',
  compilation: 'https://schema.org/AlbumRelease',
} as const;

/** Returns seconds as ISO 8601: `PT3M20S`. */
export function isoDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return `PT${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${whole % 60}S`;
}

/** Where pages are; structured data wants whole addresses. */
function addresses(origin: string) {
  return {
    artist: (slug: string) => `${origin}/artist/${encodeURIComponent(slug)}`,
    release: (artistSlug: string, slug: string) =>
      `${origin}/artist/${encodeURIComponent(artistSlug)}/${encodeURIComponent(slug)}`,
    track: (trackId: string) => `${origin}/track/${trackId}`,
    picture: (path: string) => `${origin}${path}`,
  };
}

function group(origin: string, artist: { slug: string; name: string }): StructuredData {
  return { '@type': 'MusicGroup', name: artist.name, url: addresses(origin).artist(artist.slug) };
}

/** Returns a MusicAlbum as lists have it. */
function album(origin: string, release: ReleaseCard): StructuredData {
  const at = addresses(origin);
  return {
    '@type': 'MusicAlbum',
    name: release.title,
    url: at.release(release.artist.slug, release.slug),
    albumReleaseType: PRODUCTION_TYPES[release.kind],
    numTracks: release.trackCount,
    byArtist: group(origin, release.artist),
    ...(release.releaseDate === null ? {} : { datePublished: release.releaseDate }),
    ...(release.artwork === null ? {} : { image: at.picture(release.artwork.url640) }),
  };
}

function recording(origin: string, track: TrackCard): StructuredData {
  const at = addresses(origin);
  return {
    '@type': 'MusicRecording',
    name: track.title,
    url: at.track(track.trackId),
    ...(track.durationSeconds === null ? {} : { duration: isoDuration(track.durationSeconds) }),
    ...(track.artist === null
      ? track.artistName === null
        ? {}
        : { byArtist: { '@type': 'MusicGroup', name: track.artistName } }
      : { byArtist: group(origin, track.artist) }),
    ...(track.artwork === null ? {} : { image: at.picture(track.artwork.url640) }),
  };
}

const CONTEXT = { '@context': 'https://schema.org' };

/** Returns a release as a `MusicAlbum` with its tracks. */
export function musicAlbum(origin: string, release: ReleasePage): StructuredData {
  return {
    ...CONTEXT,
    ...album(origin, release),
    ...(release.genres.length === 0 ? {} : { genre: release.genres.map(({ name }) => name) }),
    track: {
      '@type': 'ItemList',
      numberOfItems: release.tracks.length,
      itemListElement: release.tracks.map((track, i) => ({
        '@type': 'ListItem',
        position: i + 1,
        item: recording(origin, track),
      })),
    },
  };
}

/** Returns a track as a `MusicRecording`. */
export function musicRecording(origin: string, track: TrackCard, isrc: string | null): StructuredData {
  const { release, artist } = track;
  return {
    ...CONTEXT,
    ...recording(origin, track),
    ...(isrc === null ? {} : { isrcCode: isrc }),
    ...(release === null || artist === null
      ? {}
      : {
          inAlbum: {
            '@type': 'MusicAlbum',
            name: release.title,
            url: addresses(origin).release(artist.slug, release.slug),
          },
        }),
  };
}

/** Returns an artist as a `MusicGroup` with releases and tracks. */
export function musicGroup(
  origin: string,
  artist: ArtistPage,
  releases: readonly ReleaseCard[],
  tracks: readonly TrackCard[],
): StructuredData {
  return {
    ...CONTEXT,
    ...group(origin, artist),
    ...(artist.bio === '' ? {} : { description: artist.bio }),
    ...(artist.avatar === null ? {} : { image: addresses(origin).picture(artist.avatar.url640) }),
    ...(artist.links.length === 0 ? {} : { sameAs: artist.links.map(({ url }) => url) }),
    album: releases.map((release) => album(origin, release)),
    track: tracks.map((track) => recording(origin, track)),
  };
}

/** Returns data as the text of a script element: nothing in it can end the element. */
export function scriptText(data: StructuredData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
