import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { notFound, ProblemError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { ImageDeps } from '../../../platform/image-store.ts';
import { presentBanner, presentImage } from '../../../platform/images.ts';
import { defineRoute, featureApp, jsonBody, pageOf } from '../../../platform/route.ts';
import { requireMember } from '../access.ts';
import type { PeoplePort, TellChanged } from '../ports.ts';
import { slugsToTry } from '../slugs.ts';
import {
  artistParamsSchema,
  createArtistSchema,
  myArtistsQuerySchema,
  ownArtistSchema,
  patchArtistSchema,
} from './artist-schemas.ts';
import type { ArtistStore, OwnArtist } from './artist-store.ts';

const createRoute = defineRoute({
  method: 'post',
  path: '/api/v1/artists',
  summary: 'Make an artist of whom I am the owner',
  tags: ['Artists'],
  auth: 'tracks:upload',
  errors: ['malformed_json', 'slug_taken'],
  request: { body: { required: true, content: { 'application/json': { schema: createArtistSchema } } } },
  responses: { 201: jsonBody(ownArtistSchema, 'The artist') },
});

const listMineRoute = defineRoute({
  method: 'get',
  path: '/api/v1/me/artists',
  summary: 'Artists whom I am a member of, the newest first',
  tags: ['Artists'],
  auth: 'library:read',
  errors: [],
  request: { query: myArtistsQuerySchema },
  responses: { 200: jsonBody(pageOf(ownArtistSchema), 'A page of my artists') },
});

const readRoute = defineRoute({
  method: 'get',
  path: '/api/v1/artists/{artistId}/edit',
  summary: 'An artist as their members see them',
  tags: ['Artists'],
  auth: 'library:read',
  errors: ['not_found'],
  request: { params: artistParamsSchema },
  responses: { 200: jsonBody(ownArtistSchema, 'The artist') },
});

const patchRoute = defineRoute({
  method: 'patch',
  path: '/api/v1/artists/{artistId}',
  summary: 'Change what an artist’s page says',
  tags: ['Artists'],
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'slug_taken'],
  request: {
    params: artistParamsSchema,
    body: { required: true, content: { 'application/json': { schema: patchArtistSchema } } },
  },
  responses: { 200: jsonBody(ownArtistSchema, 'The artist') },
});

const verifyRoute = defineRoute({
  method: 'put',
  path: '/api/v1/artists/{artistId}/verification',
  summary: 'Mark an artist as who they say they are',
  tags: ['Artists'],
  auth: 'content:moderate',
  errors: ['not_found'],
  request: { params: artistParamsSchema },
  responses: { 204: { description: 'They are marked' } },
});

const unverifyRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/artists/{artistId}/verification',
  summary: 'Take that mark away',
  tags: ['Artists'],
  auth: 'content:moderate',
  errors: ['not_found'],
  request: { params: artistParamsSchema },
  responses: { 204: { description: 'They are not marked' } },
});

/** What the artists' routes need. */
export interface ArtistsDeps {
  store: ArtistStore;
  people: PeoplePort;
  images: ImageDeps;
  changed: TellChanged;
}

/** Returns the answer's form of an artist for a member. */
export function presentOwnArtist({ artist, role }: OwnArtist) {
  return {
    artistId: artist.id,
    slug: artist.slug,
    name: artist.name,
    bio: artist.bio,
    location: artist.location,
    links: artist.links.map(({ label, url }) => ({ label, url })),
    avatar: artist.avatar && presentImage(artist.avatar),
    banner: artist.banner && presentBanner(artist.banner),
    verified: artist.verifiedAtMs !== null,
    isPublic: artist.listedAtMs !== null,
    role,
    createdAt: new Date(artist.createdAtMs).toISOString(),
  };
}

function slugTaken(): ProblemError {
  return new ProblemError('slug_taken', 'Another artist has this short name. Choose another one.');
}

async function create(store: ArtistStore, ownerId: string, name: string, slug?: string): Promise<OwnArtist> {
  const nowMs = Date.now();
  const id = newId('art', nowMs);
  for (const tried of slug === undefined ? slugsToTry(name, id) : [slug]) {
    if (await store.create({ id, slug: tried, name, createdAtMs: nowMs, updatedAtMs: nowMs }, ownerId)) {
      const own = await store.findOwn(id, ownerId);
      if (own !== null) return own;
    }
  }
  throw slugTaken();
}

/** Returns the routes with which people make and change their artists. */
export function artistsApp(deps: (env: Env) => ArtistsDeps) {
  async function setVerified(env: Env, artistId: string, verifiedAtMs: number | null): Promise<void> {
    const { store, changed } = deps(env);
    if (!(await store.setVerified(artistId, verifiedAtMs))) throw notFound();
    await changed(artistId);
  }

  return featureApp()
    .openapi(createRoute, async (c) => {
      const { name, slug } = c.req.valid('json');
      const { id } = requirePrincipal(c.var.principal);
      return c.json(presentOwnArtist(await create(deps(c.env).store, id, name, slug)), 201);
    })
    .openapi(listMineRoute, async (c) => {
      const query = c.req.valid('query');
      const rows = await deps(c.env).store.listOwn(requirePrincipal(c.var.principal).id, query);
      const items = rows.slice(0, query.limit).map(presentOwnArtist);
      const nextCursor = rows.length > query.limit ? (items.at(-1)?.artistId ?? null) : null;
      return c.json({ items, nextCursor }, 200);
    })
    .openapi(readRoute, async (c) => {
      const own = await requireMember(deps(c.env).store, c.req.valid('param').artistId, c.var.principal);
      return c.json(presentOwnArtist(own), 200);
    })
    .openapi(patchRoute, async (c) => {
      const { store, changed } = deps(c.env);
      const { artistId } = c.req.valid('param');
      const { role } = await requireMember(store, artistId, c.var.principal);
      const { name, slug, bio, location, links } = c.req.valid('json');
      const change = { name, slug, bio, location, links };
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const artist = await store.update(artistId, given, Date.now());
      if (artist === null) throw slugTaken();
      await changed(artistId);
      return c.json(presentOwnArtist({ artist, role }), 200);
    })
    .openapi(verifyRoute, async (c) => {
      await setVerified(c.env, c.req.valid('param').artistId, Date.now());
      return c.body(null, 204);
    })
    .openapi(unverifyRoute, async (c) => {
      await setVerified(c.env, c.req.valid('param').artistId, null);
      return c.body(null, 204);
    });
}
