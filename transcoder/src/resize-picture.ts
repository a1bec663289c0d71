/**
 * The picture process: reads one picture from standard input, prints smaller ones and colours as JSON.
 *
 * Usage: node resize-picture.ts WISH < picture, where WISH is a PictureWish as JSON. Exits non-zero where the picture cannot be used.
 * It lives for a fifth of a second, so it loads nothing but sharp.
 */
import sharp, { type Sharp } from 'sharp';
import type { PictureSize } from './contract.ts';
import { dominantColours } from './dominant-colours.ts';
import type { Crop, PictureAnswer, PictureWish } from './picture-process.ts';

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

/** @returns the part of an upright picture that is asked for, in whole pixels inside of it. */
function region(picture: PictureSize, crop: Crop, shape: PictureSize) {
  const width = Math.min(crop.size * picture.width, (picture.height * shape.width) / shape.height);
  const height = (width * shape.height) / shape.width;
  const inside = (at: number, length: number, whole: number): number =>
    Math.round(Math.max(0, Math.min(at * whole, whole - length)));
  const left = inside(crop.x, width, picture.width);
  const top = inside(crop.y, height, picture.height);
  return {
    left,
    top,
    width: Math.max(1, Math.min(Math.round(width), picture.width - left)),
    height: Math.max(1, Math.min(Math.round(height), picture.height - top)),
  };
}

async function makeAnswer(picture: Buffer, { sizes, crop }: PictureWish): Promise<PictureAnswer> {
  const largest = sizes.at(-1);
  if (largest === undefined) throw new Error('no size is asked for');
  const opened = sharp(picture, { limitInputPixels: MAX_PIXELS, failOn: 'truncated', pages: 1 });
  // Decoded once; the other sizes come from the largest. Orientation is applied, metadata is left behind.
  const upright = opened.autoOrient();
  const { autoOrient } = await opened.metadata();
  const part = crop === null ? upright : upright.extract(region(autoOrient, crop, largest));
  const decoded = await part
    .resize(largest.width, largest.height, { fit: 'cover' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = decoded.info;
  const resized = (to: PictureSize): Sharp =>
    sharp(decoded.data, { raw: { width, height, channels } }).resize(to.width, to.height, { fit: 'fill' });
  const scaled = (longestPx: number): PictureSize => ({
    width: Math.max(1, Math.round((longestPx * width) / Math.max(width, height))),
    height: Math.max(1, Math.round((longestPx * height) / Math.max(width, height))),
  });
  const pictures = await Promise.all(
    sizes.map(async (size) => {
      const webp = await resized(size).webp({ quality: COVER_QUALITY, effort: COVER_EFFORT }).toBuffer();
      return { widthPx: size.width, webpBase64: webp.toString('base64') };
    }),
  );
  const tiny = await resized(scaled(PLACEHOLDER_PX)).webp({ quality: PLACEHOLDER_QUALITY }).toBuffer();
  const sample = await resized(scaled(COLOUR_SAMPLE_PX)).raw().toBuffer();
  return {
    pictures,
    summary: {
      placeholder: `data:image/webp;base64,${tiny.toString('base64')}`,
      colours: dominantColours(sample, channels),
    },
  };
}

const wish = JSON.parse(process.argv[2] ?? '') as PictureWish;
process.stdout.write(JSON.stringify(await makeAnswer(await readInput(), wish)));
