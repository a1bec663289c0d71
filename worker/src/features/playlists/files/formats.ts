/** A track as files of playlists name it. */
export interface NamedTrack {
  trackId: string;
  /** Where its page is; absolute. */
  url: string;
  /** All null where it is not available to whoever asks for the file. */
  title: string | null;
  artist: string | null;
  album: string | null;
  durationSeconds: number | null;
}

/** What a file says of the playlist itself. */
export interface NamedPlaylist {
  title: string;
  description: string;
  ownerName: string | null;
  url: string;
  createdAt: string;
}

/** A way to write playlists down. Tracks are written one by one, so that no file is ever whole in memory. */
interface Format {
  extension: string;
  contentType: string;
  head(playlist: NamedPlaylist): string;
  track(track: NamedTrack, index: number): string;
  foot(): string;
}

/** Names a track in files, beside its address, which may change with the domain. */
export function identifierOf(trackId: string): string {
  return `melro:track:${trackId}`;
}

/** A text on one line: a line break would begin a new entry. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold them, not even escaped.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function element(name: string, text: string | number | null): string {
  return text === null || text === '' ? '' : `<${name}>${xml(String(text))}</${name}>`;
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1000);
}

/** Extended M3U, as players read it; UTF-8 by its name. */
const m3u8: Format = {
  extension: 'm3u8',
  contentType: 'application/vnd.apple.mpegurl',
  head: ({ title }) => `#EXTM3U\n#PLAYLIST:${oneLine(title)}\n`,
  track: ({ trackId, url, title, artist, album, durationSeconds }) => {
    const seconds = durationSeconds === null ? -1 : Math.round(durationSeconds);
    const name = [artist, title].filter((part) => part !== null).join(' - ') || 'Not available';
    const albumLine = album === null ? '' : `#EXTALB:${oneLine(album)}\n`;
    return `#EXTINF:${seconds},${oneLine(name)}\n${albumLine}#MELRO-TRACK:${trackId}\n${url}\n`;
  },
  foot: () => '',
};

/** XSPF 1 (xspf.org). */
const xspf: Format = {
  extension: 'xspf',
  contentType: 'application/xspf+xml',
  head: ({ title, description, ownerName, url, createdAt }) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/">${element('title', title)}${element(
      'creator',
      ownerName,
    )}${element('annotation', description)}${element('info', url)}${element('date', createdAt)}<trackList>\n`,
  track: ({ trackId, url, title, artist, album, durationSeconds }) =>
    `<track>${element('location', url)}${element('identifier', identifierOf(trackId))}${element('title', title)}${element(
      'creator',
      artist,
    )}${element('album', album)}${element('duration', milliseconds(durationSeconds))}</track>\n`,
  foot: () => '</trackList></playlist>\n',
};

function withoutNulls(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (part === null ? undefined : part));
}

/** JSPF, the JSON of XSPF; `location` and `identifier` are lists there. */
const jspf: Format = {
  extension: 'jspf',
  contentType: 'application/json',
  head: ({ title, description, ownerName, url, createdAt }) => {
    const head = withoutNulls({
      title,
      creator: ownerName,
      annotation: description || null,
      info: url,
      date: createdAt,
    });
    return `{"playlist":${head.slice(0, -1)},"track":[\n`;
  },
  track: ({ trackId, url, title, artist, album, durationSeconds }, index) =>
    (index === 0 ? '' : ',\n') +
    withoutNulls({
      location: [url],
      identifier: [identifierOf(trackId)],
      title,
      creator: artist,
      album,
      duration: milliseconds(durationSeconds),
    }),
  foot: () => '\n]}}\n',
};

export const FORMATS = { m3u8, xspf, jspf };
export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = ['m3u8', 'xspf', 'jspf'] as const satisfies readonly FormatName[];
