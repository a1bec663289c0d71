import { expect, it } from 'vitest';
import { nextPath, queryBackTo } from './next-path.ts';

it.each(['/upload', '/track/trk_1?t=3#now', '/settings/security', '/search?q=a%2Fb'])(
  'goes back to %s',
  (path) => {
    expect(nextPath(path)).toBe(path);
  },
);

it.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/x\\..\\..\\evil.example',
  'javascript:alert(1)',
  ' /upload',
  'upload',
  '@evil.example',
  '',
  '/\u0000/evil.example',
])('refuses to go to %j', (wish) => {
  expect(nextPath(wish)).toBe('/');
});

it.each([
  '/sign-in',
  '/sign-in?next=/upload',
  '/sign-up',
  '/two-factor',
  '/api/auth/sign-out',
  '/api/v1/me',
  '/media/x',
])('does not come back to %s', (path) => {
  expect(nextPath(path)).toBe('/');
});

it('goes home where nothing was wished', () => {
  expect(nextPath(null)).toBe('/');
});

it('keeps the whole path in the query', () => {
  expect(queryBackTo('/album/trk_1?a=1&b=2')).toBe('?next=%2Falbum%2Ftrk_1%3Fa%3D1%26b%3D2');
  expect(queryBackTo('/')).toBe('');
});
