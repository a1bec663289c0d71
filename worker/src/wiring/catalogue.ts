import { presentPersonCard } from '../features/accounts/present-person.ts';
import type { AccountStore } from '../features/accounts/store.ts';
import type { ArtistStore } from '../features/catalogue/artists/artist-store.ts';
import type { LeavingDeps } from '../features/catalogue/leaving.ts';
import type { PeoplePort, TellChanged } from '../features/catalogue/ports.ts';
import { publishDue } from '../features/catalogue/releases/publishing.ts';
import { ReleaseStore } from '../features/catalogue/releases/release-store.ts';
import { clearDeleted } from '../features/catalogue/tracks/deletions.ts';
import type { TrackStore } from '../features/catalogue/tracks/store.ts';
import { StudioTracks } from '../features/catalogue/tracks/studio-tracks.ts';
import type { TrackMaking } from '../features/catalogue/tracks/track-making.ts';
import { dropOldVersions, TrackVersions } from '../features/catalogue/tracks/track-versions.ts';
import { requirePlace } from '../features/catalogue/tracks/upload-place.ts';
import type { DraftPort } from '../features/uploads/ports.ts';
import type { AnswerCache } from '../platform/cache/answer-cache.ts';
import { artistTag, LISTS, releaseTag, trackTag } from '../platform/cache/tags.ts';
import type { Database } from '../platform/db.ts';
import type { ImageDeps } from '../platform/image-store.ts';

/** What the catalogue is wired to. */
export interface CatalogueParts {
  db: Database;
  media: R2Bucket;
  tracks: TrackStore;
  artists: ArtistStore;
  accounts: AccountStore;
  cache: AnswerCache;
  images: ImageDeps;
  eraseUploadsOf(trackId: string): Promise<boolean>;
  eraseUpload(uploadId: string): Promise<void>;
  handOverUploads: LeavingDeps['handOverUploads'];
  /** Removes some of what others keep of a thing; returns whether nothing is left. */
  forget(id: string): Promise<boolean>;
}

function peopleOf(accounts: AccountStore): PeoplePort {
  return {
    findIdByHandle: async (handle) => (await accounts.findByHandle(handle.toLowerCase()))?.id ?? null,
    findCards: async (userIds) => {
      const rows = await Promise.all(userIds.map((id) => accounts.findUser(id)));
      const known = rows.filter((row) => row !== null);
      return new Map(known.map((row) => [row.id, presentPersonCard(row)]));
    },
  };
}

const TAGS: Record<string, (id: string) => string> = { art: artistTag, rel: releaseTag, trk: trackTag };

/** Ends public answers that show things with these ids. */
function teller(cache: AnswerCache): TellChanged {
  return (...ids) => cache.invalidate([LISTS, ...ids.map((id) => TAGS[id.slice(0, 3)]?.(id) ?? LISTS)]);
}

/** Returns what the catalogue's routes, uploads, transcodes and the sweep need of it. */
export function catalogueOf(parts: CatalogueParts) {
  const { db, media, tracks, artists, accounts, cache, images } = parts;
  const releases = new ReleaseStore(db);
  const studioTracks = new StudioTracks(db);
  const versions = new TrackVersions(db);
  const changed = teller(cache);
  const clear = { db, media, eraseUploadsOf: parts.eraseUploadsOf, forget: parts.forget };
  const studio = {
    store: tracks,
    media,
    releases,
    studioTracks,
    versions,
    artists,
    images,
    changed,
    clearDeleted: () => clearDeleted(clear),
  };
  return {
    reads: { db, cache },
    tracks: { store: tracks, media },
    artists: { store: artists, people: peopleOf(accounts), images, changed },
    studio,
    sweep: { ...studio, clear, eraseUpload: parts.eraseUpload },
    leaving: { ...studio, db, clear, handOverUploads: parts.handOverUploads },
  };
}

/** Returns the catalogue's side of uploads: whether one may go there, and what becomes of its track. */
export function draftsOf(db: Database, tracks: TrackStore, making: TrackMaking): DraftPort {
  const deps = { releases: new ReleaseStore(db), store: tracks, studioTracks: new StudioTracks(db) };
  return {
    requirePlace: (ownerId, place) => requirePlace(deps, ownerId, place),
    createDraft: making.createDraft.bind(making),
    beginReplacement: making.beginReplacement.bind(making),
    markQueued: making.markQueued.bind(making),
    markFailed: making.markFailed.bind(making),
    removeDraft: making.removeDraft.bind(making),
  };
}

/** What the catalogue's sweep did. */
export interface CatalogueSweep {
  publishedReleases: number;
  clearedTracks: number;
  droppedVersions: number;
}

/** Publishes what is due, and removes what deleted tracks and old versions have left. */
export async function sweepCatalogue(
  deps: ReturnType<typeof catalogueOf>['sweep'],
  nowMs: number,
): Promise<CatalogueSweep> {
  return {
    publishedReleases: await publishDue(deps, nowMs),
    clearedTracks: await clearDeleted(deps.clear),
    droppedVersions: await dropOldVersions(deps, nowMs),
  };
}
