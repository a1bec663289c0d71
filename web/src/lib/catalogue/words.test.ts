import { describe, expect, it } from 'vitest';
import { byRole, formatReleaseDate, licenceOf } from './words.ts';

describe('formatReleaseDate', () => {
  it.each([
    ['2024', '2024'],
    ['2024-05', 'May 2024'],
    ['2024-05-03', '3 May 2024'],
    ['last spring', 'last spring'],
    ['2024-99', '2024-99'],
  ])('says %s as exactly as it is known', (date, words) => {
    expect(formatReleaseDate(date)).toBe(words);
  });
});

describe('licenceOf', () => {
  it('leads to the words of a Creative Commons licence', () => {
    expect(licenceOf('cc-by-nc-sa-4.0')).toEqual({
      name: 'CC BY-NC-SA 4.0',
      url: 'https://creativecommons.org/licenses/by-nc-sa/4.0/',
    });
    expect(licenceOf('cc0-1.0')?.url).toBe('https://creativecommons.org/publicdomain/zero/1.0/');
  });

  it('offers nothing where all rights are reserved', () => {
    expect(licenceOf('all-rights-reserved')).toBeNull();
  });
});

it('puts credits of one role together, in the order of the roles', () => {
  const credit = (name: string, role: string) => ({ name, role, artist: null });
  const credits = [credit('Ana', 'producer'), credit('Rui', 'mixing'), credit('Eva', 'producer')];
  expect(byRole(credits).map(({ role, people }) => [role, people.map(({ name }) => name)])).toEqual([
    ['producer', ['Ana', 'Eva']],
    ['mixing', ['Rui']],
  ]);
});
