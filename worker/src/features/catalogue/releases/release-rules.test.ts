import { describe, expect, it } from 'vitest';
import { dayFrom, genresFrom } from './fill-release.ts';
import { isDay, isrcFrom, isUpc } from './release-rules.ts';

it('a UPC has 12 or 13 digits, the last of which fits the others', () => {
  for (const code of ['036000291452', '4006381333931', '5901234123457']) expect(isUpc(code), code).toBe(true);
  for (const code of ['036000291453', '4006381333932', '12345678', '03600029145x', '', '0360002914520'])
    expect(isUpc(code), code).toBe(false);
});

it('an ISRC is kept in one form, however it was written', () => {
  for (const text of ['US-S1Z-99-00001', 'uss1z9900001', 'ISRC US S1Z 99 00001'])
    expect(isrcFrom(text)).toBe('USS1Z9900001');
  for (const text of ['', 'US-S1Z-99-0001', '1SS1Z9900001', 'USS1Z99000011'])
    expect(isrcFrom(text)).toBeNull();
});

describe('a date', () => {
  it('is a day, a month or a year that there is', () => {
    for (const text of ['2026', '2026-02', '2024-02-29']) expect(isDay(text)).toBe(true);
    for (const text of ['2026-02-29', '2026-13', '2026-2-1', '0000', '20260101', ''])
      expect(isDay(text)).toBe(false);
  });

  it.each([
    ['2024-02-29', '2024-02-29'],
    ['2024-02-30', '2024-02'],
    ['2024-13-01', '2024'],
    ['2024-05-01T10:00:00Z', '2024-05-01'],
    ['1999', '1999'],
    ['99', null],
    ['', null],
    ['20240501', null],
    [null, null],
  ])('of a tag "%s" is %s', (tag, day) => {
    expect(dayFrom(tag)).toBe(day);
  });
});

it('genres of a tag are taken apart, five at most', () => {
  expect(genresFrom('Dream Pop; Shoegaze/Ambient')).toEqual(['Dream Pop', 'Shoegaze', 'Ambient']);
  expect(genresFrom('a,b,c,d,e,f')).toHaveLength(5);
  expect(genresFrom(null)).toEqual([]);
});
