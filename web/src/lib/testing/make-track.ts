import type { Track } from '$lib/api/client.ts';
import { cardOf, type TrackCard } from '$lib/catalogue/cards.ts';

let made = 0;

/** Returns a published track for tests; ids grow, as the API's do. */
export function makeTrack(own: Partial<Track> = {}): Track {
  made += 1;
  return {
    trackId: `trk_${String(made).padStart(26, '0')}`,
    title: `Track ${made}`,
    artist: 'Ana',
    albumArtist: null,
    album: null,
    genre: null,
    releaseDate: null,
    releaseId: null,
    trackNumber: null,
    discNumber: null,
    state: 'ready',
    playable: true,
    progress: null,
    failure: null,
    durationSeconds: 200,
    loudness: null,
    source: null,
    waveformUrl: null,
    artworkUrl: null,
    artwork: null,
    createdAt: '2026-11-01T00:00:00.000Z',
    publishedAt: '2026-11-01T00:00:00.000Z',
    ...own,
  };
}

/** Returns the card of a published track for tests. */
export function makeCard(own: Partial<TrackCard> = {}): TrackCard {
  return { ...cardOf(makeTrack()), ...own };
}
