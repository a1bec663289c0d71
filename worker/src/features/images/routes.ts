import { z } from '@hono/zod-openapi';
import { PICTURE_SIZES_PX } from '@melro/transcoder/contract';
import type { Env } from '../../platform/env.ts';
import { notFound } from '../../platform/errors.ts';
import { idPattern } from '../../platform/ids.ts';
import { imageKey } from '../../platform/r2-keys.ts';
import { defineRoute, featureApp } from '../../platform/route.ts';

const WIDTHS_PX: readonly number[] = Object.values(PICTURE_SIZES_PX)
  .flat()
  .map(({ width }) => width);

const imageRoute = defineRoute({
  method: 'get',
  path: '/api/v1/images/{ownerId}/{imageId}/{widthPx}',
  summary: 'A picture that somebody uploaded',
  description:
    'Squares are 64, 300 and 640 pixels wide, banners 750 and 1500. An address never changes what it shows, and nobody guesses one: whoever was shown it may look.',
  tags: ['Images'],
  auth: 'public',
  errors: ['not_found'],
  request: {
    params: z.object({
      ownerId: z.string().regex(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/, 'is not an id'),
      imageId: z.string().regex(idPattern('img'), 'is not an image id'),
      widthPx: z.coerce.number().refine((width) => WIDTHS_PX.includes(width), 'is not a width of pictures'),
    }),
  },
  responses: {
    200: {
      description: 'The picture',
      content: { 'image/webp': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
});

/** Returns the route that shows pictures. */
export function imagesApp(deps: (env: Env) => { media: R2Bucket }) {
  return featureApp().openapi(imageRoute, async (c) => {
    const { ownerId, imageId, widthPx } = c.req.valid('param');
    const object = await deps(c.env).media.get(imageKey(ownerId, imageId, widthPx));
    if (object === null) throw notFound();
    return new Response(object.body, {
      headers: {
        'content-type': 'image/webp',
        'content-length': String(object.size),
        etag: object.httpEtag,
        // Caches on the way give up a picture that was taken away within the hour.
        'cache-control': 'public, max-age=31536000, s-maxage=3600, immutable',
        'x-content-type-options': 'nosniff',
        // Players on other sites show covers too.
        'cross-origin-resource-policy': 'cross-origin',
      },
    });
  });
}
