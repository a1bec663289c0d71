import type { Env } from '../../platform/env.ts';
import { featureApp } from '../../platform/route.ts';
import { type ArtistsDeps, artistsApp } from './artists/artist-routes.ts';
import { artistMembersApp } from './artists/member-routes.ts';
import type { ReadsDeps } from './reads/deps.ts';
import { readsApp } from './reads/routes.ts';
import { type TracksDeps, tracksApp } from './tracks/routes.ts';

/** What the catalogue's routes need. */
export interface CatalogueDeps {
  reads: ReadsDeps;
  tracks: TracksDeps;
  artists: ArtistsDeps;
}

/** Returns the routes of artists, releases and tracks. */
export function catalogueApp(deps: (env: Env) => CatalogueDeps) {
  const artists = (env: Env) => deps(env).artists;
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
    .route('/', artistMembersApp(artists));
}
