import type { Env } from '../../../platform/env.ts';
import { cropOf, cropQuerySchema, PICTURE_ERRORS, pictureBody } from '../../../platform/images.ts';
import { putPicture, takePicture } from '../../../platform/picture-swap.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { requireMember } from '../access.ts';
import { type ArtistsDeps, presentOwnArtist } from './artist-routes.ts';
import { artistParamsSchema, ownArtistSchema } from './artist-schemas.ts';

const TAGS = ['Artists'];

const put = {
  method: 'put',
  description: 'PNG, JPEG or WebP; its bytes decide, not its media type.',
  tags: TAGS,
  auth: 'tracks:upload',
  limit: 'pictures',
  errors: ['not_found', ...PICTURE_ERRORS],
  request: { params: artistParamsSchema, query: cropQuerySchema, body: pictureBody },
  responses: { 200: jsonBody(ownArtistSchema, 'The artist') },
} as const;

const take = {
  method: 'delete',
  description: 'Repeatable.',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['not_found', 'unavailable'],
  request: { params: artistParamsSchema },
  responses: { 204: { description: 'There is none any more' } },
} as const;

const putAvatarRoute = defineRoute({
  ...put,
  path: '/api/v1/artists/{artistId}/avatar',
  summary: 'Give an artist a picture',
});

const takeAvatarRoute = defineRoute({
  ...take,
  path: '/api/v1/artists/{artistId}/avatar',
  summary: 'Take an artist’s picture away',
});

const putBannerRoute = defineRoute({
  ...put,
  path: '/api/v1/artists/{artistId}/banner',
  summary: 'Give an artist’s page a banner, three times as wide as high',
});

const takeBannerRoute = defineRoute({
  ...take,
  path: '/api/v1/artists/{artistId}/banner',
  summary: 'Take an artist’s banner away',
});

/** Returns the routes of an artist's pictures. */
export function artistPicturesApp(deps: (env: Env) => ArtistsDeps) {
  type Query = Parameters<typeof cropOf>[0];

  async function putOne(
    own: ArtistsDeps,
    which: 'avatar' | 'banner',
    artistId: string,
    query: Query,
    request: Request,
  ) {
    const target = { kind: which, ownerId: artistId, crop: cropOf(query) };
    await putPicture(own.images, target, request, own.store.pictureOf(artistId, which));
    await own.changed(artistId);
  }

  async function takeOne(own: ArtistsDeps, which: 'avatar' | 'banner', artistId: string) {
    await takePicture(own.images, own.store.pictureOf(artistId, which));
    await own.changed(artistId);
  }

  return featureApp()
    .openapi(putAvatarRoute, async (c) => {
      const own = deps(c.env);
      const { artistId } = c.req.valid('param');
      await requireMember(own.store, artistId, c.var.principal);
      await putOne(own, 'avatar', artistId, c.req.valid('query'), c.req.raw);
      return c.json(presentOwnArtist(await requireMember(own.store, artistId, c.var.principal)), 200);
    })
    .openapi(takeAvatarRoute, async (c) => {
      const own = deps(c.env);
      const { artist } = await requireMember(own.store, c.req.valid('param').artistId, c.var.principal);
      await takeOne(own, 'avatar', artist.id);
      return c.body(null, 204);
    })
    .openapi(putBannerRoute, async (c) => {
      const own = deps(c.env);
      const { artistId } = c.req.valid('param');
      await requireMember(own.store, artistId, c.var.principal);
      await putOne(own, 'banner', artistId, c.req.valid('query'), c.req.raw);
      return c.json(presentOwnArtist(await requireMember(own.store, artistId, c.var.principal)), 200);
    })
    .openapi(takeBannerRoute, async (c) => {
      const own = deps(c.env);
      const { artist } = await requireMember(own.store, c.req.valid('param').artistId, c.var.principal);
      await takeOne(own, 'banner', artist.id);
      return c.body(null, 204);
    });
}
