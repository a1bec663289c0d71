import type { InferRequestType, InferResponseType } from 'hono/client';
import { type ApiClient, apiClient, jsonOf, succeed } from '$lib/api/client.ts';
import type { Place } from './reorder.ts';

type V1 = ApiClient['api']['v1'];

export type OwnArtist = InferResponseType<V1['artists'][':artistId']['edit']['$get'], 200>;
export type ArtistChange = InferRequestType<V1['artists'][':artistId']['$patch']>['json'];
export type ArtistMember = InferResponseType<
  V1['artists'][':artistId']['members']['$get'],
  200
>['items'][number];

/** A change with every field named. */
export type Filled<Change> = { [Name in keyof Change]-?: Exclude<Change[Name], undefined> };

type ReleaseRoute = V1['releases'][':releaseId'];
type TrackRoute = V1['tracks'][':trackId'];

export type StudioRelease = InferResponseType<V1['me']['releases']['$get'], 200>['items'][number];
export type ReleaseState = StudioRelease['state'];
export type EditRelease = InferResponseType<ReleaseRoute['edit']['$get'], 200>;
export type ReleaseChange = InferRequestType<ReleaseRoute['$patch']>['json'];
export type StudioTrack = EditRelease['tracks'][number];
export type TrackChange = InferRequestType<TrackRoute['$patch']>['json'];
export type TracksChange = InferRequestType<ReleaseRoute['tracks']['$patch']>['json']['change'];
export type Credit = StudioTrack['credits'][number];
export type Licence = EditRelease['licence'];
export type TrackVersion = InferResponseType<TrackRoute['versions']['$get'], 200>['items'][number];
export type ChecklistItem = EditRelease['checklist'][number];

const MOST_ARTISTS = '100';
const RELEASES_A_PAGE = '50';

const v1 = (fetchFn?: typeof fetch) => apiClient(fetchFn).api.v1;
const releaseRoute = () => v1().releases[':releaseId'];
const trackRoute = () => v1().tracks[':trackId'];

/** Returns the artists whom I am a member of, those made first first. Throws ApiError, as everything here. */
export async function loadMyArtists(fetchFn?: typeof fetch): Promise<OwnArtist[]> {
  const { items } = await jsonOf(v1(fetchFn).me.artists.$get({ query: { limit: MOST_ARTISTS } }));
  return items.toReversed();
}

/** Returns a page of the releases of all my artists, the newest first. */
export function loadMyReleases(
  page: { state: ReleaseState | null; cursor: string | null },
  fetchFn?: typeof fetch,
) {
  const { state, cursor } = page;
  const query = { limit: RELEASES_A_PAGE, ...(state && { state }), ...(cursor !== null && { cursor }) };
  return jsonOf(v1(fetchFn).me.releases.$get({ query }));
}

export function createRelease(artistId: string): Promise<EditRelease> {
  return jsonOf(v1().releases.$post({ json: { artistId } }));
}

export function loadRelease(releaseId: string, fetchFn?: typeof fetch): Promise<EditRelease> {
  return jsonOf(v1(fetchFn).releases[':releaseId'].edit.$get({ param: { releaseId } }));
}

export function patchRelease(releaseId: string, json: ReleaseChange): Promise<EditRelease> {
  return jsonOf(releaseRoute().$patch({ param: { releaseId }, json }));
}

export function putReleaseCredits(releaseId: string, credits: Credit[]): Promise<EditRelease> {
  return jsonOf(releaseRoute().credits.$put({ param: { releaseId }, json: { credits } }));
}

/** Decides that a release has no cover. */
export function removeArtwork(releaseId: string): Promise<EditRelease> {
  return jsonOf(releaseRoute().artwork.$delete({ param: { releaseId } }));
}

export async function deleteRelease(releaseId: string): Promise<void> {
  await succeed(releaseRoute().$delete({ param: { releaseId } }));
}

export function publishRelease(releaseId: string): Promise<EditRelease> {
  return jsonOf(releaseRoute().publish.$post({ param: { releaseId } }));
}

export function scheduleRelease(releaseId: string, json: { localDateTime: string; timeZone: string }) {
  return jsonOf(releaseRoute().schedule.$post({ param: { releaseId }, json }));
}

export function unscheduleRelease(releaseId: string): Promise<EditRelease> {
  return jsonOf(releaseRoute().unschedule.$post({ param: { releaseId } }));
}

export function withdrawRelease(releaseId: string): Promise<EditRelease> {
  return jsonOf(releaseRoute().withdraw.$post({ param: { releaseId } }));
}

/** `tracks_changed` where the release has other tracks meanwhile. */
export function orderTracks(releaseId: string, tracks: Place[]): Promise<EditRelease> {
  return jsonOf(releaseRoute().tracks.$put({ param: { releaseId }, json: { tracks } }));
}

/** Changes the same of several tracks, all of them or none. */
export function patchTracks(
  releaseId: string,
  trackIds: string[],
  change: TracksChange,
): Promise<EditRelease> {
  return jsonOf(releaseRoute().tracks.$patch({ param: { releaseId }, json: { trackIds, change } }));
}

export async function patchTrack(trackId: string, json: TrackChange): Promise<void> {
  await succeed(trackRoute().$patch({ param: { trackId }, json }));
}

export async function putTrackCredits(trackId: string, credits: Credit[]): Promise<void> {
  await succeed(trackRoute().credits.$put({ param: { trackId }, json: { credits } }));
}

export function loadLyrics(trackId: string) {
  return jsonOf(trackRoute().edit.lyrics.$get({ param: { trackId } }));
}

export async function putLyrics(
  trackId: string,
  json: { plain: string | null; lrc: string | null },
): Promise<void> {
  await succeed(trackRoute().lyrics.$put({ param: { trackId }, json }));
}

export async function deleteTrack(trackId: string): Promise<void> {
  await succeed(trackRoute().$delete({ param: { trackId } }));
}

/** Returns what a track was made of: what is heard now and what can come back. */
export async function loadVersions(trackId: string): Promise<TrackVersion[]> {
  const { items } = await jsonOf(trackRoute().versions.$get({ param: { trackId } }));
  return items;
}

export async function restoreVersion(trackId: string, version: string): Promise<void> {
  await succeed(trackRoute().versions[':version'].restore.$post({ param: { trackId, version } }));
}
