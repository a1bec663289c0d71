import { describe, expect, it } from 'vitest';
import { idPattern, newId, siblingId } from './ids.ts';

describe('ids', () => {
  it('fit their pattern and no other', () => {
    expect(newId('trk')).toMatch(idPattern('trk'));
    expect(newId('trk')).not.toMatch(idPattern('upl'));
    for (const wrong of [
      'trk_',
      'trk_01',
      `${newId('trk')}0`,
      newId('trk').toUpperCase(),
      `x${newId('trk')}`,
      `${newId('trk')}\n`,
    ]) {
      expect(wrong).not.toMatch(idPattern('trk'));
    }
  });

  it('sort by the time they were made at', () => {
    const times = [0, 1, 31, 32, 1_800_000_000_000, 1_800_000_000_001, 281_474_976_710_655];
    const ids = times.map((time) => newId('ver', time));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('are never the same, also within a millisecond', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId('req', 1))).size).toBe(10_000);
  });

  it('have one sibling of a kind', () => {
    const id = newId('upl');
    expect(siblingId('trc', id)).toBe(siblingId('trc', id));
    expect(siblingId('trc', id)).toMatch(idPattern('trc'));
    expect(siblingId('trc', id)).not.toBe(siblingId('trc', newId('upl')));
  });
});
