import type { Env } from '../../platform/env.ts';
import { featureApp } from '../../platform/route.ts';
import { type TracksDeps, tracksApp } from './tracks/routes.ts';

/** What the catalogue's routes need. */
export interface CatalogueDeps {
  tracks: TracksDeps;
}

/** Returns the routes of artists, releases and tracks. */
export function catalogueApp(deps: (env: Env) => CatalogueDeps) {
  return featureApp().route(
    '/',
    tracksApp((env) => deps(env).tracks),
  );
}
