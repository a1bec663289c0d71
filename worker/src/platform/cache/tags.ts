/*
 * What answers depend on and changes end: the one list of tags. An answer about one thing carries that thing's tag and
 * its artist's; an answer that lists things of many carries `lists`, so whatever changes a card ends all of those.
 */

/** Lists over the whole catalogue: home, new releases, genres, tags. */
export const LISTS = 'lists';

/** The tag of whatever shows an artist. */
export function artistTag(artistId: string): string {
  return `artist:${artistId}`;
}

/** The tag of whatever shows a release. */
export function releaseTag(releaseId: string): string {
  return `release:${releaseId}`;
}

/** The tag of whatever shows a track. */
export function trackTag(trackId: string): string {
  return `track:${trackId}`;
}

/** Returns what a change of these things ends: their own pages, their artist's, and lists that show their cards. */
export function changed(things: {
  artistId?: string | null;
  releaseId?: string | null;
  trackId?: string | null;
}): string[] {
  const { artistId, releaseId, trackId } = things;
  return [
    LISTS,
    ...(artistId ? [artistTag(artistId)] : []),
    ...(releaseId ? [releaseTag(releaseId)] : []),
    ...(trackId ? [trackTag(trackId)] : []),
  ];
}
