import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Principal } from '../../../platform/auth/principal.ts';
import { notFound, ProblemError } from '../../../platform/errors.ts';
import type { ImageDeps } from '../../../platform/image-store.ts';
import type { ArtistStore } from '../artists/artist-store.ts';
import { numbered } from '../tracks/order.ts';
import { presentEditRelease } from './present-studio.ts';
import type { PublishDeps } from './publishing.ts';
import type { OwnRelease } from './release-store.ts';

/** What the releases' routes need. */
export interface ReleasesDeps extends PublishDeps {
  artists: ArtistStore;
  images: ImageDeps;
  /** Removes what deleted tracks and releases have left; the sweep does what it does not. */
  clearDeleted(): Promise<unknown>;
}

/** Returns a release for a member of its artist. Throws `not_found` for everybody else. */
export async function requireRelease(
  { releases }: Pick<ReleasesDeps, 'releases'>,
  releaseId: string,
  principal: Principal | null,
): Promise<OwnRelease> {
  const own = await releases.findOwn(releaseId, requirePrincipal(principal).id);
  if (own === null) throw notFound();
  return own;
}

/** Changes a release and returns the answer's form of what it is then; the caller has checked that it may. */
export async function editRelease(
  deps: ReleasesDeps,
  releaseId: string,
  principal: Principal | null,
  change: () => Promise<unknown>,
) {
  await change();
  const own = await requireRelease(deps, releaseId, principal);
  if (own.release.listedAtMs !== null) await deps.changed(releaseId, own.artist.id);
  return presentEditRelease(deps, own);
}

function tracksChanged(): ProblemError {
  return new ProblemError('tracks_changed', 'The release has other tracks than these. Read it again.');
}

/** Puts exactly these tracks in this order, numbered from 1 on each disc. Throws `tracks_changed`. */
export async function orderTracks(
  { studioTracks }: ReleasesDeps,
  releaseId: string,
  list: readonly { trackId: string; discNumber: number }[],
): Promise<void> {
  const places = numbered(list.map(({ trackId, discNumber }) => ({ id: trackId, discNumber })));
  if (!(await studioTracks.reorder(releaseId, places))) throw tracksChanged();
}

/** Returns the columns that a change of tracks names, without what it does not. */
export function columnsOf<Change extends { artistName?: string | null | undefined }>(change: Change) {
  const { artistName, ...rest } = change;
  const all = { ...rest, artist: artistName };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [Name in Exclude<keyof Change, 'artistName'>]: Exclude<Change[Name], undefined>;
  };
}

/** Changes the same of several tracks of a release. Throws `tracks_changed` where one is not on it. */
export async function patchTracks(
  { studioTracks }: ReleasesDeps,
  releaseId: string,
  trackIds: readonly string[],
  change: { artistName?: string | null | undefined },
): Promise<void> {
  if (!(await studioTracks.update(trackIds, columnsOf(change), releaseId))) throw tracksChanged();
}

/** Throws `validation_failed` where credits name an artist's page that this person cannot see. */
export async function requireArtistsOfCredits(
  { artists }: Pick<ReleasesDeps, 'artists'>,
  credits: readonly { artistId: string | null }[],
  principal: Principal | null,
): Promise<void> {
  const ids = [...new Set(credits.map(({ artistId }) => artistId).filter((id) => id !== null))];
  if (ids.length === 0) return;
  const seen = await artists.findSeen(ids, requirePrincipal(principal).id);
  const unseen = ids.find((id) => !seen.has(id));
  if (unseen !== undefined)
    throw new ProblemError('validation_failed', 'credits: there is no artist with this id', {
      issues: [{ path: 'credits', message: `there is no artist ${unseen}` }],
    });
}
