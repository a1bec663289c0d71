import { describe, expect, it } from 'vitest';
import { moved, type Place, placesAfterMove, placesOf, placesOnDisc } from './reorder.ts';

function places(text: string): Place[] {
  return text.split(' ').map((word) => ({ trackId: word.slice(1), discNumber: Number(word[0]) }));
}

function written(list: readonly Place[]): string {
  return list.map(({ trackId, discNumber }) => `${discNumber}${trackId}`).join(' ');
}

describe('moved', () => {
  it.each([
    [0, 2, 'bca'],
    [2, 0, 'cab'],
    [1, 1, 'abc'],
    [0, 3, 'abc'],
    [0, -1, 'abc'],
  ])('from %d to %d', (from, to, expected) => {
    expect(moved([...'abc'], from, to).join('')).toBe(expected);
  });
});

describe('the places of tracks', () => {
  it('are on the first disc where nothing else is known', () => {
    expect(
      written(
        placesOf([
          { trackId: 'a', discNumber: null },
          { trackId: 'b', discNumber: 2 },
        ]),
      ),
    ).toBe('1a 2b');
  });

  it.each([
    ['within a disc', '1a 1b 1c', 0, 2, '1b 1c 1a'],
    ['to another disc, which it joins', '1a 1b 2c 2d', 0, 3, '1b 2c 2d 2a'],
    ['one step over the edge, where only the disc changes', '1a 1b 2c', 1, 2, '1a 2b 2c'],
    ['one step back over the edge', '1a 2b 2c', 1, 0, '1a 1b 2c'],
    ['nowhere', '1a 1b', 1, 1, '1a 1b'],
  ])('after a move %s', (_, before, from, to, after) => {
    expect(written(placesAfterMove(places(before), from, to))).toBe(after);
  });

  it('follow the discs when several change theirs', () => {
    expect(written(placesOnDisc(places('1a 1b 1c'), ['a'], 2))).toBe('1b 1c 2a');
  });
});
