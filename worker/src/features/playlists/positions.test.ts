import { describe, expect, it } from 'vitest';
import { positionsBetween } from './positions.ts';

const bytewise = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

describe('positions', () => {
  it('lie strictly between their bounds, ascending, however often something is put in', () => {
    const keys = positionsBetween(null, null, 3);
    for (let round = 0; round < 3000; round++) {
      // Mostly at the ends and again and again at the same place, as people do.
      const at = [0, keys.length, 1, Math.floor(Math.random() * (keys.length + 1))][round % 4] ?? 0;
      const [lower, upper] = [keys[at - 1] ?? null, keys[at] ?? null];
      const made = positionsBetween(lower, upper, 1 + (round % 5));
      for (const key of made) {
        expect(lower === null || lower < key).toBe(true);
        expect(upper === null || key < upper).toBe(true);
      }
      keys.splice(at, 0, ...made);
    }
    expect(keys.toSorted(bytewise)).toEqual(keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(800);
  });

  it('of ten thousand at once are short and in order', () => {
    const keys = positionsBetween('a0', 'a1', 10_000);
    expect(keys.toSorted(bytewise)).toEqual(keys);
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(12);
  });

  it('that two people make at the same place do not mingle', () => {
    const theirs = [positionsBetween('a0', null, 50), positionsBetween('a0', null, 50)];
    const together = theirs.flatMap((keys, who) => keys.map((key) => ({ key, who })));
    together.sort((a, b) => bytewise(a.key, b.key));
    const changes = together.filter(({ who }, i) => i > 0 && together[i - 1]?.who !== who);
    expect(changes).toHaveLength(1);
  });

  it('find room before a key that begins like the one in the middle', () => {
    for (let i = 0; i < 200; i++) {
      const [key = ''] = positionsBetween(null, 'a1V', 1);
      expect(key < 'a1V').toBe(true);
      const [next = ''] = positionsBetween(key, 'a1V', 1);
      expect(key < next && next < 'a1V').toBe(true);
    }
  });
});
