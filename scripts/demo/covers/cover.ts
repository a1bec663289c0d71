import sharp from 'sharp';
import type { CoverStyle } from '../catalogue.ts';
import { createRandom } from '../synth/random.ts';
import { drawHarbour } from './harbour.ts';
import { drawPixels } from './pixels.ts';
import { drawSteam } from './steam.ts';
import { drawTide } from './tide.ts';
import { drawTiles } from './tiles.ts';
import { drawWindow } from './window.ts';

/** Side of a cover in pixels; the drawings use the same unit. */
export const COVER_PIXELS = 1000;

const drawings = {
  harbour: drawHarbour,
  steam: drawSteam,
  window: drawWindow,
  tide: drawTide,
  tiles: drawTiles,
  pixels: drawPixels,
} as const;

/** Returns the SVG of a cover, the same for the same style and seed. */
export function drawCover(style: CoverStyle, seed: string): string {
  const body = drawings[style](createRandom(`${seed}/cover`));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${COVER_PIXELS} ${COVER_PIXELS}">${body}</svg>`;
}

/** Returns a cover as a JPEG. */
export async function renderCover(style: CoverStyle, seed: string): Promise<Uint8Array<ArrayBuffer>> {
  const svg = Buffer.from(drawCover(style, seed));
  const jpeg = await sharp(svg)
    .resize(COVER_PIXELS, COVER_PIXELS)
    .jpeg({ quality: 88, chromaSubsampling: '4:4:4' });
  return new Uint8Array(await jpeg.toBuffer());
}
