import { expect, it } from 'vitest';
import { authorizePath, signInAskedAtMs } from './authorize-path.ts';
import { nextPath } from './next-path.ts';

it('asks an app’s question again, without what was added to it on the way', () => {
  const query = new URLSearchParams(
    'response_type=code&client_id=abc&state=s%26t&prompt=login&exp=1&ba_iat=2&ba_param=client_id&sig=x',
  );
  const path = authorizePath(query) ?? '';
  expect(path).toBe('/api/auth/oauth2/authorize?response_type=code&client_id=abc&state=s%26t');
  expect(nextPath(path)).toBe(path);
});

it('is nothing where no app has asked', () => {
  expect(authorizePath(new URLSearchParams('next=/upload'))).toBeNull();
});

it('drops an age of the sign-in that nobody could have, once they have signed in', () => {
  const query = new URLSearchParams('client_id=abc&max_age=0&ba_iat=2&sig=x');
  expect(authorizePath(query)).toBe('/api/auth/oauth2/authorize?client_id=abc');
});

it.each([
  ['client_id=abc&prompt=login&ba_iat=1700000000000&sig=x', 1_700_000_000_000],
  ['client_id=abc&prompt=login+consent&ba_iat=1700000000000&sig=x', 1_700_000_000_000],
  ['client_id=abc&max_age=60&ba_iat=1700000000000&sig=x', 1_700_000_000_000],
  ['client_id=abc&prompt=consent&ba_iat=1700000000000&sig=x', null],
  ['client_id=abc&ba_iat=1700000000000&sig=x', null],
  ['client_id=abc&prompt=login&ba_iat=1700000000000', null],
  ['client_id=abc&prompt=login&sig=x', null],
])('knows when an app asked for a sign-in of its own: %s', (query, askedAtMs) => {
  expect(signInAskedAtMs(new URLSearchParams(query))).toBe(askedAtMs);
});
