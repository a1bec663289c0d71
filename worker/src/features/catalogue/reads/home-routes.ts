import type { PublicAnswer } from '../../../platform/cache/answer-cache.ts';
import { keyOf, publicOrOwnAnswer } from '../../../platform/cache/public-answer.ts';
import { LISTS } from '../../../platform/cache/tags.ts';
import type { Database } from '../../../platform/db.ts';
import type { Env } from '../../../platform/env.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { presentArtistCard, presentReleaseCard, presentTrackCard } from '../cards.ts';
import type { ReadsDeps } from './deps.ts';
import { newestArtists, popularLabels } from './label-queries.ts';
import { presentLabel } from './present.ts';
import { mostPlayedTracks, newestReleases } from './release-queries.ts';
import { homeSchema } from './schemas.ts';

const SHELF = 18;
/** A chart of popular tracks is a short list, not a shelf of covers. */
const CHART = 20;

const homeRoute = defineRoute({
  method: 'get',
  path: '/api/v1/home',
  summary: 'Shelves of the first page: new releases, popular tracks, genres, new artists',
  tags: ['Home'],
  auth: 'public',
  revalidates: true,
  errors: [],
  responses: { 200: jsonBody(homeSchema, 'The shelves') },
});

/** Returns the shelves of the first page: four queries, side by side. */
export async function homeAnswer(db: Database): Promise<PublicAnswer> {
  const first = { position: undefined, limit: SHELF };
  const [newReleases, popularTracks, genres, newArtists] = await Promise.all([
    newestReleases(db, first),
    mostPlayedTracks(db, CHART),
    popularLabels(db, 'genre', first),
    newestArtists(db, SHELF),
  ]);
  return {
    value: {
      newReleases: newReleases.slice(0, SHELF).map(presentReleaseCard),
      popularTracks: popularTracks.map(presentTrackCard),
      genres: genres.slice(0, SHELF).map(presentLabel),
      newArtists: newArtists.map(presentArtistCard),
    },
    tags: [LISTS],
  };
}

/** Returns the route of the first page. */
export function homeApp(deps: (env: Env) => ReadsDeps) {
  return featureApp().openapi(homeRoute, (c) => {
    const { db, cache } = deps(c.env);
    return publicOrOwnAnswer(c, cache, keyOf(c), () => homeAnswer(db)) as never;
  });
}
