import { notFound, ProblemError } from '../../../platform/errors.ts';
import type { ReleaseStore } from '../releases/release-store.ts';
import type { TrackStore } from './store.ts';
import { MOST_TRACKS, type StudioTracks } from './studio-tracks.ts';

/** What is looked at before an upload may go somewhere. */
export interface PlaceDeps {
  releases: ReleaseStore;
  store: TrackStore;
  studioTracks: StudioTracks;
}

/** Returns the refusal of one track more. */
export function tooManyTracks(): ProblemError {
  return new ProblemError('too_many_tracks', `A release has at most ${MOST_TRACKS} tracks.`);
}

/**
 * Throws unless this person may add to the release or replace the track: `not_found` for who is no member,
 * `too_many_tracks`, `replacement_running`.
 */
export async function requirePlace(
  { releases, store, studioTracks }: PlaceDeps,
  userId: string,
  { releaseId, replaces }: { releaseId: string | null; replaces: string | null },
): Promise<void> {
  if (releaseId !== null) {
    if ((await releases.findOwn(releaseId, userId)) === null)
      throw notFound('There is no release of yours with this id.');
    if ((await studioTracks.listOf(releaseId)).length >= MOST_TRACKS) throw tooManyTracks();
  }
  if (replaces !== null) {
    const seen = await store.findFor(replaces, userId);
    if (!seen?.isOwn) throw notFound('There is no track of yours with this id.');
    const { state, version, replacementState } = seen.row;
    const underWay = version === null ? state : (replacementState ?? 'failed');
    if (underWay !== 'failed')
      throw new ProblemError('replacement_running', 'This track is being made already.');
  }
}
