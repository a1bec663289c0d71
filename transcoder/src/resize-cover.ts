/**
 * The picture process: reads one picture from standard input, prints covers and colours as JSON.
 *
 * Usage: node resize-cover.ts SIZE_PX… < picture. Exits non-zero where the picture cannot be used.
 * It lives for a fifth of a second, so it loads nothing but sharp.
 */
import sharp, { type Sharp } from 'sharp';
import type { PictureAnswer } from './artwork.ts';
import { dominantColours } from './dominant-colours.ts';

/** 8,000 × 8,000: larger than any cover, small enough for a picture that only claims to be small. */
const MAX_PIXELS = 64_000_000;
const COVER_QUALITY = 82;
/** Of 6: half the time of the default for two per cent more bytes. */
const COVER_EFFORT = 2;
const PLACEHOLDER_PX = 16;
const PLACEHOLDER_QUALITY = 40;
const COLOUR_SAMPLE_PX = 48;

/** The formats that covers are made of. Others are closed: SVG and PDF can name further files. */
const ALLOWED_LOADERS = [
  'VipsForeignLoadJpeg',
  'VipsForeignLoadPng',
  'VipsForeignLoadWebp',
  'VipsForeignLoadNsgif',
];

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ALLOWED_LOADERS });
sharp.cache(false);
sharp.concurrency(1);

async function readInput(): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function makeAnswer(picture: Buffer, sizesPx: readonly number[]): Promise<PictureAnswer> {
  const largestPx = Math.max(...sizesPx);
  // Decoded once; the other sizes come from the largest. Orientation is applied, metadata is left behind.
  const decoded = await sharp(picture, { limitInputPixels: MAX_PIXELS, failOn: 'truncated', pages: 1 })
    .rotate()
    .resize(largestPx, largestPx, { fit: 'cover' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = decoded.info;
  const square = (sizePx: number): Sharp =>
    sharp(decoded.data, { raw: { width, height, channels } }).resize(sizePx, sizePx);
  const covers = await Promise.all(
    sizesPx.map(async (sizePx) => {
      const webp = await square(sizePx).webp({ quality: COVER_QUALITY, effort: COVER_EFFORT }).toBuffer();
      return { sizePx, webpBase64: webp.toString('base64') };
    }),
  );
  const tiny = await square(PLACEHOLDER_PX).webp({ quality: PLACEHOLDER_QUALITY }).toBuffer();
  const sample = await square(COLOUR_SAMPLE_PX).raw().toBuffer();
  return {
    covers,
    summary: {
      placeholder: `data:image/webp;base64,${tiny.toString('base64')}`,
      colours: dominantColours(sample, channels),
    },
  };
}

const sizesPx = process.argv.slice(2).map(Number);
process.stdout.write(JSON.stringify(await makeAnswer(await readInput(), sizesPx)));
