import { z } from '@hono/zod-openapi';
import type { PublicAnswer } from '../../../platform/cache/answer-cache.ts';
import { keyOf, publicOrOwnAnswer } from '../../../platform/cache/public-answer.ts';
import { artistTag, LISTS, releaseTag } from '../../../platform/cache/tags.ts';
import { releaseCardSchema, releaseIdSchema } from '../../../platform/cards.ts';
import { cutPage, positionOf } from '../../../platform/cursor.ts';
import type { Database } from '../../../platform/db.ts';
import type { Env } from '../../../platform/env.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../../platform/route.ts';
import { presentReleaseCard } from '../cards.ts';
import type { ReadsDeps } from './deps.ts';
import { presentRelease } from './present.ts';
import { findRelease, newestReleases, partsOfRelease, type ReleaseRef } from './release-queries.ts';
import {
  artistRefSchema,
  type ListQuery,
  newestQuerySchema,
  releasePageSchema,
  slugSchema,
} from './schemas.ts';

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/releases',
  summary: 'Public releases, newest first',
  tags: ['Releases'],
  auth: 'public',
  revalidates: true,
  errors: [],
  request: { query: newestQuerySchema },
  responses: { 200: jsonBody(pageOf(releaseCardSchema), 'A page of releases') },
});

const readRoute = defineRoute({
  method: 'get',
  path: '/api/v1/releases/{releaseId}',
  summary: 'One release with its tracks and credits',
  description: 'A release that is not public is visible to the members of its artist only.',
  tags: ['Releases'],
  auth: 'public',
  revalidates: true,
  errors: ['not_found'],
  request: { params: z.object({ releaseId: releaseIdSchema }) },
  responses: { 200: jsonBody(releasePageSchema, 'The release') },
});

const readBySlugRoute = defineRoute({
  method: 'get',
  path: '/api/v1/artists/{artistId}/releases/{releaseSlug}',
  summary: 'One release by its slug and its artist’s slug or id',
  tags: ['Releases'],
  auth: 'public',
  revalidates: true,
  errors: ['not_found'],
  request: { params: z.object({ artistId: artistRefSchema, releaseSlug: slugSchema }) },
  responses: { 200: jsonBody(releasePageSchema, 'The release') },
});

/** Returns a release's page. */
export async function releaseAnswer(
  db: Database,
  ref: ReleaseRef,
  viewerId: string | null,
): Promise<PublicAnswer | null> {
  const row = await findRelease(db, ref, viewerId);
  if (row === null) return null;
  const parts = await partsOfRelease(db, row.release.id, viewerId === null);
  return { value: presentRelease(row, parts), tags: [releaseTag(row.release.id), artistTag(row.artist.id)] };
}

/** Returns a page of new releases. */
export async function newestAnswer(db: Database, { cursor, limit }: ListQuery): Promise<PublicAnswer> {
  const found = await newestReleases(db, { position: positionOf(cursor), limit });
  const { rows, nextCursor } = cutPage(found, limit, ({ release }) => [release.listedAtMs ?? 0, release.id]);
  return { value: { items: rows.map(presentReleaseCard), nextCursor }, tags: [LISTS] };
}

/** Returns the public routes of releases. */
export function releaseReadsApp(deps: (env: Env) => ReadsDeps) {
  return featureApp()
    .openapi(listRoute, (c) => {
      const { db, cache } = deps(c.env);
      const query = c.req.valid('query');
      return publicOrOwnAnswer(c, cache, keyOf(c, query), () => newestAnswer(db, query)) as never;
    })
    .openapi(readRoute, (c) => {
      const { db, cache } = deps(c.env);
      const ref = c.req.valid('param');
      return publicOrOwnAnswer(c, cache, keyOf(c), (viewerId) => releaseAnswer(db, ref, viewerId)) as never;
    })
    .openapi(readBySlugRoute, (c) => {
      const { db, cache } = deps(c.env);
      const ref = c.req.valid('param');
      return publicOrOwnAnswer(c, cache, keyOf(c), (viewerId) => releaseAnswer(db, ref, viewerId)) as never;
    });
}
