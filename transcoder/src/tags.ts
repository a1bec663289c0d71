/** Turns the tags that ffprobe reports into clean, bounded text. */
import type { Tags } from './contract.ts';

type RawTags = Readonly<Record<string, string>>;

const MAX_NUMBER = 9999;

/**
 * @param layers raw tags, most trusted first (the container's, then the stream's).
 * @returns text without control characters, in NFC, cut to the contract's lengths (UTF-16 units).
 */
export function cleanTags(...layers: readonly RawTags[]): Tags {
  const merged = new Map<string, string>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      const key = name.toLowerCase().replaceAll(/[ _-]/g, '');
      if (!merged.has(key)) merged.set(key, value);
    }
  }
  const text = (maxLength: number, ...names: readonly string[]): string | null => {
    for (const name of names) {
      const cleaned = cleanText(merged.get(name) ?? '', maxLength);
      if (cleaned !== '') return cleaned;
    }
    return null;
  };
  return {
    title: text(500, 'title'),
    artist: text(500, 'artist', 'performer'),
    albumArtist: text(500, 'albumartist', 'ensemble'),
    album: text(500, 'album'),
    genre: text(200, 'genre'),
    date: text(40, 'date', 'year', 'originaldate'),
    trackNumber: leadingNumber(merged.get('track') ?? merged.get('tracknumber')),
    discNumber: leadingNumber(merged.get('disc') ?? merged.get('discnumber')),
  };
}

/** @returns `raw` on one line, without control and formatting characters, at most `maxLength` UTF-16 units. */
export function cleanText(raw: string, maxLength: number): string {
  const cleaned = raw
    .toWellFormed()
    .normalize('NFC')
    // Line breaks become spaces; other controls, and marks that reorder what follows (bidi), go.
    .replaceAll(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim();
  // A cut through a surrogate pair leaves half a character; it goes too.
  return cleaned.length <= maxLength
    ? cleaned
    : cleaned
        .slice(0, maxLength)
        .replace(/[\ud800-\udbff]$/, '')
        .trim();
}

/** @returns the number of `3` and `3/12` alike, null where there is no positive one. */
function leadingNumber(raw: string | undefined): number | null {
  const value = Number.parseInt(raw ?? '', 10);
  return Number.isInteger(value) && value > 0 && value <= MAX_NUMBER ? value : null;
}
