import type { PublicAnswer } from '../../../platform/cache/answer-cache.ts';
import { keyOf, publicOrOwnAnswer } from '../../../platform/cache/public-answer.ts';
import { LISTS } from '../../../platform/cache/tags.ts';
import { releaseCardSchema } from '../../../platform/cards.ts';
import { cutPage, positionOf } from '../../../platform/cursor.ts';
import type { Database } from '../../../platform/db.ts';
import type { Env } from '../../../platform/env.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../../platform/route.ts';
import { presentReleaseCard } from '../cards.ts';
import type { ReadsDeps } from './deps.ts';
import { findLabel, type LabelKind, popularLabels, releasesOfLabel } from './label-queries.ts';
import { presentLabel } from './present.ts';
import { countedLabelSchema, type ListQuery, labelParamsSchema, listQuerySchema } from './schemas.ts';

/** Returns a page of the genres or tags that are in use. */
export async function labelsAnswer(
  db: Database,
  kind: LabelKind,
  { cursor, limit }: ListQuery,
): Promise<PublicAnswer> {
  const found = await popularLabels(db, kind, { position: positionOf(cursor), limit });
  const { rows, nextCursor } = cutPage(found, limit, ({ releaseCount, slug }) => [releaseCount, slug]);
  return { value: { items: rows.map(presentLabel), nextCursor }, tags: [LISTS] };
}

/** Returns a genre or tag. */
export async function labelAnswer(db: Database, kind: LabelKind, slug: string): Promise<PublicAnswer | null> {
  const label = await findLabel(db, kind, slug);
  return label && { value: presentLabel(label), tags: [LISTS] };
}

/** Returns a page of the public releases that carry a genre or tag. */
export async function labelReleasesAnswer(
  db: Database,
  kind: LabelKind,
  slug: string,
  { cursor, limit }: ListQuery,
): Promise<PublicAnswer | null> {
  if ((await findLabel(db, kind, slug)) === null) return null;
  const found = await releasesOfLabel(db, kind, slug, { position: positionOf(cursor), limit });
  const { rows, nextCursor } = cutPage(found, limit, ({ listedAtMs, release }) => [
    listedAtMs ?? 0,
    release.id,
  ]);
  return { value: { items: rows.map(presentReleaseCard), nextCursor }, tags: [LISTS] };
}

/** Genres and tags differ in name alone; each path is written out, for types and for whoever searches for it. */
function listRoute<const P extends string>(path: P, what: string) {
  return defineRoute({
    method: 'get',
    path,
    summary: `${what} of public releases, those of most releases first`,
    tags: ['Genres and tags'],
    auth: 'public',
    revalidates: true,
    errors: [],
    request: { query: listQuerySchema },
    responses: {
      200: jsonBody(pageOf(countedLabelSchema), `A page of ${what.toLowerCase()}`),
    },
  });
}

function readRoute<const P extends string>(path: P, what: string) {
  return defineRoute({
    method: 'get',
    path,
    summary: `One ${what}`,
    tags: ['Genres and tags'],
    auth: 'public',
    revalidates: true,
    errors: ['not_found'],
    request: { params: labelParamsSchema },
    responses: { 200: jsonBody(countedLabelSchema, `The ${what}`) },
  });
}

function releasesRoute<const P extends string>(path: P, what: string) {
  return defineRoute({
    method: 'get',
    path,
    summary: `Public releases of a ${what}, newest first`,
    tags: ['Genres and tags'],
    auth: 'public',
    revalidates: true,
    errors: ['not_found'],
    request: { params: labelParamsSchema, query: listQuerySchema },
    responses: { 200: jsonBody(pageOf(releaseCardSchema), 'A page of releases') },
  });
}

const genresRoute = listRoute('/api/v1/genres', 'Genres');
const tagsRoute = listRoute('/api/v1/tags', 'Tags');
const genreRoute = readRoute('/api/v1/genres/{slug}', 'genre');
const tagRoute = readRoute('/api/v1/tags/{slug}', 'tag');
const genreReleasesRoute = releasesRoute('/api/v1/genres/{slug}/releases', 'genre');
const tagReleasesRoute = releasesRoute('/api/v1/tags/{slug}/releases', 'tag');

/** Returns the public routes of genres and tags. */
export function labelReadsApp(deps: (env: Env) => ReadsDeps) {
  return featureApp()
    .openapi(genresRoute, (c) => {
      const { db, cache } = deps(c.env);
      const query = c.req.valid('query');
      return publicOrOwnAnswer(c, cache, keyOf(c, query), () => labelsAnswer(db, 'genre', query)) as never;
    })
    .openapi(tagsRoute, (c) => {
      const { db, cache } = deps(c.env);
      const query = c.req.valid('query');
      return publicOrOwnAnswer(c, cache, keyOf(c, query), () => labelsAnswer(db, 'tag', query)) as never;
    })
    .openapi(genreRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { slug } = c.req.valid('param');
      return publicOrOwnAnswer(c, cache, keyOf(c), () => labelAnswer(db, 'genre', slug)) as never;
    })
    .openapi(tagRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { slug } = c.req.valid('param');
      return publicOrOwnAnswer(c, cache, keyOf(c), () => labelAnswer(db, 'tag', slug)) as never;
    })
    .openapi(genreReleasesRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { slug } = c.req.valid('param');
      const query = c.req.valid('query');
      return publicOrOwnAnswer(c, cache, keyOf(c, query), () =>
        labelReleasesAnswer(db, 'genre', slug, query),
      ) as never;
    })
    .openapi(tagReleasesRoute, (c) => {
      const { db, cache } = deps(c.env);
      const { slug } = c.req.valid('param');
      const query = c.req.valid('query');
      return publicOrOwnAnswer(c, cache, keyOf(c, query), () =>
        labelReleasesAnswer(db, 'tag', slug, query),
      ) as never;
    });
}
