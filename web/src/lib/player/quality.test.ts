import { expect, it } from 'vitest';
import { isQuality, qualityLabel, renditionOfAddress } from './quality.ts';

it.each([
  ['/media/token/trk_1/ver_1/192/media.m3u8', 192],
  ['http://host/media/token/trk_1/ver_1/64/12.m4s', 64],
  ['/media/token/trk_1/ver_1/lossless/init.mp4', 'lossless'],
  ['/media/token/trk_1/ver_1/master.m3u8', null],
  ['/media/token/trk_1/ver_1/999/media.m3u8', null],
])('reads the rendition of %s', (address, rendition) => {
  expect(renditionOfAddress(address)).toBe(rendition);
});

it('accepts only qualities that there are', () => {
  expect(['auto', 64, 'lossless'].every(isQuality)).toBe(true);
  expect(['best', 96, null].some(isQuality)).toBe(false);
});

it('names qualities for people', () => {
  expect([qualityLabel('auto'), qualityLabel(320), qualityLabel('lossless')]).toEqual([
    'Auto',
    '320 kbit/s',
    'Lossless',
  ]);
});
