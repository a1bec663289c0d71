import type { TrackCard } from '$lib/catalogue/cards.ts';

/** From where something is played, for the history and “continue where you left off”: a thing by its id, or a place. */
export interface PlaySource {
  kind:
    | 'track'
    | 'release'
    | 'artist'
    | 'playlist'
    | 'home'
    | 'search'
    | 'genre'
    | 'likes'
    | 'history'
    | 'queue'
    | 'other';
  id: string | null;
}

/** What is played: the list from which play was pressed, and the place in it. */
export interface Queue {
  tracks: readonly TrackCard[];
  index: number;
  source: PlaySource | null;
}

export const EMPTY_QUEUE: Queue = { tracks: [], index: -1, source: null };

/** Returns the queue of the tracks in `list`, standing at `track`. */
export function queueFrom(
  track: TrackCard,
  list: readonly TrackCard[],
  source: PlaySource | null = null,
): Queue {
  const index = list.findIndex(({ trackId }) => trackId === track.trackId);
  return index < 0 ? { tracks: [track], index: 0, source } : { tracks: list, index, source };
}

/** Returns the track `step` places on, or null beyond the ends. */
export function trackAt(queue: Queue, step: number): TrackCard | null {
  return queue.tracks[queue.index + step] ?? null;
}

/** What becomes known of a track while it is made. */
export type KnownFacts = Pick<TrackCard, 'trackId' | 'title' | 'artistName' | 'durationSeconds' | 'artwork'>;

/** Returns the queue with newer knowledge of one of its tracks. */
export function withFacts(queue: Queue, facts: KnownFacts): Queue {
  const { trackId, title, artistName, durationSeconds, artwork } = facts;
  const tracks = queue.tracks.map((one) =>
    one.trackId === trackId ? { ...one, title, artistName, durationSeconds, artwork } : one,
  );
  return { ...queue, tracks };
}

/** Returns the queue with more tracks: right after the one that is played, or at the end. */
export function withMore(queue: Queue, more: readonly TrackCard[], place: 'next' | 'last'): Queue {
  const at = place === 'next' ? queue.index + 1 : queue.tracks.length;
  return { ...queue, tracks: queue.tracks.toSpliced(at, 0, ...more) };
}

/** Returns the queue moved by `step`; beyond the ends it stays as it is. */
export function moveBy(queue: Queue, step: number): Queue {
  return trackAt(queue, step) === null ? queue : { ...queue, index: queue.index + step };
}
