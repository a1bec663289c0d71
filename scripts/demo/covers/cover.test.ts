import { parseBuffer } from 'music-metadata';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { catalogue } from '../catalogue.ts';
import { placesOf } from '../render-job.ts';
import { renderTracks } from '../render-piece.ts';
import { COVER_PIXELS, drawCover, renderCover } from './cover.ts';

test('every release has a cover of its own, the same on every run', async () => {
  const drawn = catalogue.map(({ cover, title }) => drawCover(cover, title));
  expect(new Set(drawn).size).toBe(catalogue.length);
  expect(catalogue.map(({ cover, title }) => drawCover(cover, title))).toEqual(drawn);
  const jpeg = await renderCover('tide', 'test');
  expect(await sharp(jpeg).metadata()).toMatchObject({
    format: 'jpeg',
    width: COVER_PIXELS,
    height: COVER_PIXELS,
  });
  expect(jpeg.length).toBeLessThan(500_000);
});

test('a rendered file says who plays what, and shows it', async () => {
  const job = { releaseIndex: catalogue.length - 1, pieceIndex: 1 };
  const piece = catalogue[job.releaseIndex]?.pieces[job.pieceIndex];
  if (piece === undefined) throw new Error('The catalogue has become smaller');
  const cover = new Uint8Array(200);
  const [file] = renderTracks({ ...piece.compose(), lengthSeconds: 2 }, placesOf(job), cover);
  const { common } = await parseBuffer(file ?? new Uint8Array());
  expect(common).toMatchObject({
    title: piece.titles[0],
    albumartist: 'Moth Cartridge',
    album: 'Overworld Weather',
    track: { no: 2, of: 3 },
    genre: ['Chiptune'],
  });
  expect(common.picture).toHaveLength(1);
});
