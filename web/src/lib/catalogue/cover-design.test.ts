import { expect, it } from 'vitest';
import { coverDesign } from './cover-design.ts';

it('draws the same cover for the same title', () => {
  expect(coverDesign('Night Ferry')).toEqual(coverDesign('Night Ferry'));
});

it('uses every palette and figure over many titles', () => {
  const designs = Array.from({ length: 200 }, (_, i) => coverDesign(`Track ${i}`));
  expect(new Set(designs.map(({ palette }) => palette)).size).toBe(6);
  expect(new Set(designs.map(({ figure }) => figure)).size).toBe(4);
});
