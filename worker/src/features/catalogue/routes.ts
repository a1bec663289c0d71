import type { Env } from '../../platform/env.ts';
import { featureApp } from '../../platform/route.ts';
import { type ArtistsDeps, artistsApp } from './artists/artist-routes.ts';
import { artistMembersApp } from './artists/member-routes.ts';
import { artistPicturesApp } from './artists/picture-routes.ts';
import type { ReadsDeps } from './reads/deps.ts';
import { readsApp } from './reads/routes.ts';
import { publishingApp } from './releases/publish-routes.ts';
import { releasesApp } from './releases/release-routes.ts';
import { type TracksDeps, tracksApp } from './tracks/routes.ts';
import { type StudioTracksDeps, studioTracksApp } from './tracks/studio-routes.ts';
import { trackVersionsApp } from './tracks/version-routes.ts';

/** What the catalogue's routes need. */
export interface CatalogueDeps {
  reads: ReadsDeps;
  tracks: TracksDeps;
  artists: ArtistsDeps;
  studio: StudioTracksDeps & { media: R2Bucket };
}

/** Returns the routes of artists, releases and tracks. */
export function catalogueApp(deps: (env: Env) => CatalogueDeps) {
  const artists = (env: Env) => deps(env).artists;
  const studio = (env: Env) => deps(env).studio;
  return featureApp()
    .route(
      '/',
      tracksApp((env) => deps(env).tracks),
    )
    .route(
      '/',
      readsApp((env) => deps(env).reads),
    )
    .route('/', artistsApp(artists))
    .route('/', artistMembersApp(artists))
    .route('/', artistPicturesApp(artists))
    .route('/', releasesApp(studio))
    .route('/', publishingApp(studio))
    .route('/', studioTracksApp(studio))
    .route('/', trackVersionsApp(studio));
}
