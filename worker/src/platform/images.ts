import { z } from '@hono/zod-openapi';
import type { Cover } from './cards.ts';
import type { ErrorCode } from './errors.ts';

/** A picture that somebody uploaded, as rows keep it. */
export interface StoredImage {
  /** Whose it is: a person, an artist, a release, a playlist. What they leave behind is found by it. */
  ownerId: string;
  imageId: string;
  /** A tiny picture as a data address, to show until the real one is there. */
  placeholder: string;
  /** Two dominant colours, `#rrggbb`. */
  colours: [string, string];
}

function urlOf({ ownerId, imageId }: StoredImage, widthPx: number): string {
  return `/api/v1/images/${ownerId}/${imageId}/${widthPx}`;
}

/** Returns the answer's form of a square picture; its addresses may be cached for ever. */
export function presentImage(image: StoredImage): Cover {
  const { placeholder, colours } = image;
  return {
    url64: urlOf(image, 64),
    url300: urlOf(image, 300),
    url640: urlOf(image, 640),
    placeholder,
    colours,
  };
}

/** A banner, three times as wide as high. */
export const bannerSchema = z
  .object({
    url750: z.string(),
    url1500: z.string(),
    placeholder: z.string(),
    colours: z.tuple([z.string(), z.string()]),
  })
  .openapi('Banner');

/** Returns the answer's form of a banner; its addresses may be cached for ever. */
export function presentBanner(image: StoredImage): z.infer<typeof bannerSchema> {
  const { placeholder, colours } = image;
  return { url750: urlOf(image, 750), url1500: urlOf(image, 1500), placeholder, colours };
}

const picture = z.string().openapi({ format: 'binary' });

/** The body of a request that brings a picture. */
export const pictureBody = {
  required: true,
  content: {
    'image/jpeg': { schema: picture },
    'image/png': { schema: picture },
    'image/webp': { schema: picture },
  },
} as const;

/** What `replaceImage` may answer. */
export const PICTURE_ERRORS = [
  'unsupported_picture',
  'file_too_large',
  'unavailable',
] as const satisfies readonly ErrorCode[];

const fraction = z.coerce.number().min(0).max(1);

/**
 * Query parameters that name a part of the picture: its left upper corner and its width, in fractions of the upright
 * picture's width (`x`, `size`) and height (`y`). All three or none; without them its middle is used.
 */
export const cropQuerySchema = z
  .object({
    x: fraction.optional(),
    y: fraction.optional(),
    size: z.coerce.number().min(0.01).max(1).optional(),
  })
  .refine(({ x, y, size }) => new Set([x, y, size].map((value) => value === undefined)).size === 1, {
    message: 'x, y and size belong together',
  });

/** Returns the part of a picture that a query asks for, or null for its middle. */
export function cropOf({ x, y, size }: z.infer<typeof cropQuerySchema>) {
  return x === undefined || y === undefined || size === undefined ? null : { x, y, size };
}
