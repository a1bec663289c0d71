import { expect, it } from 'vitest';
import { authorizePath } from './authorize-path.ts';
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
