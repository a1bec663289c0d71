import type { Env } from '../../../platform/env.ts';
import { featureApp } from '../../../platform/route.ts';
import { artistReadsApp } from './artist-routes.ts';
import type { ReadsDeps } from './deps.ts';
import { homeApp } from './home-routes.ts';
import { labelReadsApp } from './label-routes.ts';
import { releaseReadsApp } from './release-routes.ts';
import { trackReadsApp } from './track-routes.ts';

/** Returns the routes by which everyone sees the catalogue. */
export function readsApp(deps: (env: Env) => ReadsDeps) {
  return featureApp()
    .route('/', homeApp(deps))
    .route('/', artistReadsApp(deps))
    .route('/', releaseReadsApp(deps))
    .route('/', trackReadsApp(deps))
    .route('/', labelReadsApp(deps));
}
