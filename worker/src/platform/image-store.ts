import {
  PICTURE_ENTRY,
  PICTURE_SIZES_PX,
  type PictureShape,
  pictureEntry,
  pictureSchema,
} from '@melro/transcoder/contract';
import { createTarDecoder } from 'modern-tar';
import { ProblemError } from './errors.ts';
import { newId } from './ids.ts';
import type { StoredImage } from './images.ts';
import { imagePrefix } from './r2-keys.ts';
import { deletePrefix } from './r2-objects.ts';
import { readPicture } from './read-picture.ts';

/** Kinds of pictures: their shape, and how large what people send may be. */
export const IMAGE_KINDS = {
  avatar: { shape: 'square', mostBytes: 5 * 1024 ** 2 },
  cover: { shape: 'square', mostBytes: 10 * 1024 ** 2 },
  banner: { shape: 'banner', mostBytes: 10 * 1024 ** 2 },
} as const satisfies Record<string, { shape: PictureShape; mostBytes: number }>;
export type ImageKind = keyof typeof IMAGE_KINDS;

/** The part of a picture to be used, in fractions of its width (`x`, `size`) and height (`y`); the shape gives its height. */
export interface Crop {
  x: number;
  y: number;
  size: number;
}

/**
 * Makes smaller pictures of one: a tar of them when 200, 422 where it cannot be read, 503 with Retry-After when busy.
 * Throws when nobody can be reached.
 */
export type MakePictures = (
  picture: Uint8Array<ArrayBuffer>,
  wish: { shape: PictureShape; crop: Crop | null },
  signal: AbortSignal,
) => Promise<Response>;

/** What storing pictures needs. */
export interface ImageDeps {
  media: R2Bucket;
  makePictures: MakePictures;
}

/** Somebody waits; and the transcoder gives up before this. */
const PATIENCE_MS = 75_000;
/** A square of 640 pixels is under 200 KB. */
const MAX_OBJECT_BYTES = 4 * 1024 ** 2;

function unavailable(retryAfterSeconds: string | null, cause?: unknown): ProblemError {
  const headers = { 'retry-after': retryAfterSeconds ?? '5' };
  return new ProblemError(
    'unavailable',
    'Pictures cannot be made just now. Try again in a moment.',
    {},
    headers,
    cause,
  );
}

async function ask({ makePictures }: ImageDeps, ...question: Parameters<MakePictures>): Promise<Response> {
  const answer = await makePictures(...question).catch((error: unknown) => {
    throw unavailable(null, error);
  });
  if (answer.status === 200) return answer;
  await answer.body?.cancel();
  if (answer.status === 422) {
    throw new ProblemError('unsupported_picture', 'This picture could not be read, or it is too large.');
  }
  throw unavailable(answer.headers.get('retry-after'), new Error(`the transcoder answered ${answer.status}`));
}

/** Returns the objects of an answer and what is said about them; throws where one is missing or too many. */
async function readAnswer(answer: Response, shape: PictureShape) {
  const expected = new Set(PICTURE_SIZES_PX[shape].map(({ width }) => pictureEntry(width)));
  const objects = new Map<string, ArrayBuffer>();
  const entries = (answer.body ?? new ReadableStream()).pipeThrough(createTarDecoder());
  for await (const { header, body } of entries) {
    if (header.size > MAX_OBJECT_BYTES) throw new Error('the transcoder sent too large a picture');
    const bytes = await new Response(body).arrayBuffer();
    if (bytes.byteLength !== header.size) throw new Error('the answer of the transcoder was cut off');
    if (header.name === PICTURE_ENTRY) {
      const { placeholder, colours } = pictureSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
      if (objects.size !== expected.size) throw new Error('the answer of the transcoder lacks a picture');
      return { objects, summary: { placeholder, colours } };
    }
    if (!expected.has(header.name)) throw new Error('the transcoder sent a picture of an unknown name');
    objects.set(header.name, bytes);
  }
  throw new Error('the answer of the transcoder ended too early');
}

/**
 * Makes pictures of a request's body and puts them into the bucket under an id of their own; nobody is shown them until
 * that is written into the owner's row.
 * Throws `unsupported_picture`, `file_too_large`, `unavailable`.
 */
async function storeImage(
  deps: ImageDeps,
  kind: ImageKind,
  ownerId: string,
  request: Request,
  crop: Crop | null,
): Promise<StoredImage> {
  const { shape, mostBytes } = IMAGE_KINDS[kind];
  const picture = await readPicture(request, mostBytes);
  const answer = await ask(deps, picture, { shape, crop }, AbortSignal.timeout(PATIENCE_MS));
  const { objects, summary } = await readAnswer(answer, shape).catch((error: unknown) => {
    throw unavailable(null, error);
  });
  const imageId = newId('img');
  const prefix = imagePrefix(ownerId, imageId);
  const httpMetadata = { contentType: 'image/webp' };
  for (const [name, bytes] of objects) await deps.media.put(prefix + name, bytes, { httpMetadata });
  return { ownerId, imageId, ...summary };
}

/** Removes a picture from the bucket; does nothing where there is none. Repeatable. */
export async function removeImage(media: R2Bucket, image: StoredImage | null): Promise<void> {
  if (image !== null) await deletePrefix(media, imagePrefix(image.ownerId, image.imageId));
}

/**
 * Gives an owner a new picture from a request's body. `swap` writes it into the owner's row and returns what stood there
 * until that moment (by compare-and-set, so that of two at once each removes another); that is removed, and the new one
 * is where `swap` throws. What a crash leaves behind goes when the owner goes: erase `imagesPrefix(ownerId)`.
 * Throws what `swap` throws, and `PICTURE_ERRORS`.
 */
export async function replaceImage(
  deps: ImageDeps,
  target: { kind: ImageKind; ownerId: string; crop: Crop | null },
  request: Request,
  swap: (image: StoredImage) => Promise<StoredImage | null>,
): Promise<StoredImage> {
  const image = await storeImage(deps, target.kind, target.ownerId, request, target.crop);
  let replaced: StoredImage | null;
  try {
    replaced = await swap(image);
  } catch (error) {
    await removeImage(deps.media, image);
    throw error;
  }
  await removeImage(deps.media, replaced);
  return image;
}
