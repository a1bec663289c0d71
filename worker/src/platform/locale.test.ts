import { expect, it } from 'vitest';
import { preferredLocale } from './locale.ts';

it.each([
  [null, 'en'],
  ['', 'en'],
  ['ru', 'ru'],
  ['ru-RU,ru;q=0.9,en-US;q=0.8', 'ru'],
  ['en-GB, ru;q=0.9', 'en'],
  ['de, ru;q=0.3', 'ru'],
  ['en;q=0.1,ru;q=0.2', 'ru'],
  ['RU-ru', 'ru'],
  ['rum', 'en'],
  ['ru;q=0', 'en'],
  ['ru;q=high', 'en'],
  ['*', 'en'],
] as const)('a browser that asks for %s is answered in %s', (header, locale) => {
  expect(preferredLocale(header)).toBe(locale);
});
