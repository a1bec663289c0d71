/** `POST /artwork`: one picture in, smaller ones of a shape out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { Answer } from './answer.ts';
import {
  MAX_PICTURE_BYTES,
  PICTURE_ENTRY,
  PICTURE_SIZES_PX,
  type PictureShape,
  pictureEntry,
} from './contract.ts';
import { type Crop, makePictures, type Pictures } from './picture-process.ts';
import { readBody } from './spool.ts';

/** Somebody waits for it, and a decoder that takes this long is being fooled. */
const PICTURE_TIMEOUT_MS = 60_000;

/** What does not fit in a question, in a sentence. */
export class WishFault extends Error {}

const fraction = z.coerce.number().min(0).max(1);
const wishSchema = z.object({
  shape: z.enum(Object.keys(PICTURE_SIZES_PX) as [PictureShape, ...PictureShape[]]).default('square'),
  crop: z
    .object({ x: fraction, y: fraction, size: z.coerce.number().min(0.01).max(1) })
    .nullable()
    .default(null),
});

function readWish(request: IncomingMessage): { shape: PictureShape; crop: Crop | null } {
  const { shape, ...crop } = Object.fromEntries(new URL(request.url ?? '', 'http://transcoder').searchParams);
  const isCropped = Object.keys(crop).length > 0;
  const parsed = wishSchema.safeParse({ shape, ...(isCropped ? { crop } : {}) });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new WishFault(`${issue?.path.join('.') ?? 'query'}: ${issue?.message ?? 'is malformed'}`);
}

/**
 * Makes pictures of the request's body and answers them, whole or not at all; returns the size of the body.
 * @throws WishFault, BodyTooLarge, PictureFault, the signal's reason, or what the connection failed with, each before
 * anything is answered.
 */
export async function answerPicture(
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<number> {
  const { shape, crop } = readWish(request);
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(PICTURE_TIMEOUT_MS)]);
  const picture = await readBody(request, MAX_PICTURE_BYTES, inTime);
  const made = await makePictures(picture, { sizes: PICTURE_SIZES_PX[shape], crop }, inTime);
  const tar = await tarOf(shape, made);
  response.writeHead(200, {
    'content-type': 'application/x-tar',
    'content-length': tar.byteLength,
    'cache-control': 'no-store',
  });
  response.end(new Uint8Array(tar));
  return picture.length;
}

async function tarOf(shape: PictureShape, { pictures, summary }: Pictures): Promise<ArrayBuffer> {
  const answer = new Answer();
  const bytes = new Response(answer.readable).arrayBuffer();
  for (const { widthPx, webp } of pictures) await answer.object(pictureEntry(widthPx), webp);
  await answer.message(PICTURE_ENTRY, { shape, ...summary });
  await answer.finish();
  return bytes;
}
