/** Returns the list with the item at `from` moved to `to`; the same list where nothing moves. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const item = list[from];
  if (from === to || item === undefined || to < 0 || to >= list.length) return list;
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, item);
}

/** What is put in order. */
interface Placed {
  trackId: string;
  discNumber: number | null;
}

/** The place of a track: discs count from 1, a track without one is on the first. */
export interface Place {
  trackId: string;
  discNumber: number;
}

/** Returns the places of tracks in the order they are in. */
export function placesOf(tracks: readonly Placed[]): Place[] {
  return tracks.map(({ trackId, discNumber }) => ({ trackId, discNumber: discNumber ?? 1 }));
}

/**
 * Returns the places after the track at `from` went to where the one at `to` is. It takes that one's disc; moved by one
 * over the edge of its disc, it changes the disc and keeps its row.
 */
export function placesAfterMove(places: readonly Place[], from: number, to: number): Place[] {
  const track = places[from];
  const target = places[to];
  if (track === undefined || target === undefined || from === to) return [...places];
  if (Math.abs(to - from) === 1 && target.discNumber !== track.discNumber)
    return places.with(from, { ...track, discNumber: target.discNumber });
  return [...moved(places.with(from, { ...track, discNumber: target.discNumber }), from, to)];
}

/** Returns places with a track on another disc, and everything in the order of discs. */
export function placesOnDisc(
  places: readonly Place[],
  trackIds: readonly string[],
  discNumber: number,
): Place[] {
  return places
    .map((place) => (trackIds.includes(place.trackId) ? { ...place, discNumber } : place))
    .toSorted((a, b) => a.discNumber - b.discNumber);
}
