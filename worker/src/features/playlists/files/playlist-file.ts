import type { TrackWish } from '../../../platform/match-tracks.ts';

/** A track of a file: which line it is on, or the how manyeth it is where lines say nothing. */
export interface WishedTrack extends TrackWish {
  line: number;
}

/** What a file holds. */
export interface PlaylistFile {
  title: string | null;
  description: string;
  tracks: WishedTrack[];
}

const MAX_NAME = 500;
const MELRO_ID = /\btrk_[0-9a-hjkmnp-tv-z]{26}\b/;
/** ISO 3901: country, registrant, year, designation; written with dashes or without. */
const ISRC = /\bisrc[:=/ ]*([a-z]{2}-?[a-z0-9]{3}-?\d{2}-?\d{5})\b/i;

/** Returns a name in a file as it is looked for, or null. */
export function nameIn(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return String(value).toWellFormed().replaceAll('\u0000', '').trim().slice(0, MAX_NAME) || null;
}

/** Returns what addresses and identifiers say a track is. */
export function identityIn(texts: readonly string[]): Pick<TrackWish, 'trackId' | 'isrc'> {
  const text = texts.map((part) => part.slice(0, MAX_NAME)).join('\n');
  return {
    trackId: MELRO_ID.exec(text)?.[0] ?? null,
    isrc: ISRC.exec(text)?.[1]?.replaceAll('-', '').toUpperCase() ?? null,
  };
}
