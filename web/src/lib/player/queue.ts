import type { Track } from '$lib/api/client.ts';

/** What is played: the list from which play was pressed, and the place in it. */
export interface Queue {
  tracks: readonly Track[];
  index: number;
}

export const EMPTY_QUEUE: Queue = { tracks: [], index: -1 };

/** Returns the queue of the tracks in `list` that can be played, standing at `track`. */
export function queueFrom(track: Track, list: readonly Track[]): Queue {
  const tracks = list.filter(({ playable, trackId }) => playable || trackId === track.trackId);
  const index = tracks.findIndex(({ trackId }) => trackId === track.trackId);
  return index < 0 ? { tracks: [track], index: 0 } : { tracks, index };
}

/** Returns the track `step` places on, or null beyond the ends. */
export function trackAt(queue: Queue, step: number): Track | null {
  return queue.tracks[queue.index + step] ?? null;
}

/** Returns the queue with newer knowledge of one of its tracks. */
export function withTrack(queue: Queue, track: Track): Queue {
  const tracks = queue.tracks.map((one) => (one.trackId === track.trackId ? track : one));
  return { ...queue, tracks };
}

/** Returns the queue moved by `step`; beyond the ends it stays as it is. */
export function moveBy(queue: Queue, step: number): Queue {
  return trackAt(queue, step) === null ? queue : { ...queue, index: queue.index + step };
}
