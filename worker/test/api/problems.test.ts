import { describe, expect, it } from 'vitest';
import { api, apiWith, bindingsWith } from '../support/api.ts';
import { expectProblem } from '../support/refusals.ts';

describe('what goes wrong anywhere is answered as problem+json', () => {
  it.each([
    ['an unknown address', '/nothing/here', {}],
    ['an unknown address of the API', '/api/v1/nothing', {}],
    ['a method that a route does not have', '/api/v1/tracks', { method: 'DELETE' }],
    ['an unknown address with a body', '/api/v1/nothing', { json: { a: 1 } }],
  ])('%s', async (_what, path, call) => {
    await expectProblem(await api(path, call), 404, 'not_found');
  });

  it('an error that nobody foresaw, without a word about what it was', async () => {
    const broken = apiWith(
      bindingsWith({
        DB: {
          prepare: () => {
            throw new Error('secret connection string');
          },
        } as unknown as D1Database,
      }),
    );
    const response = await broken('/api/v1/tracks');
    const problem = await expectProblem(response, 500, 'internal_error');
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?limit=many', 'limit'],
    ['?cursor=not-a-track', 'cursor'],
  ])('a query that is out of bounds: %s', async (query, field) => {
    const problem = await expectProblem(await api(`/api/v1/tracks${query}`), 400, 'validation_failed');
    expect(problem.issues?.map(({ path }) => path)).toEqual([field]);
  });
});

describe('request ids', () => {
  it('are on every answer and never the same', async () => {
    const answers = await Promise.all(
      ['/healthz', '/api/v1/tracks', '/nothing', '/healthz'].map((path) => api(path)),
    );
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are ours: a client cannot choose one', async () => {
    const answer = await api('/healthz', { headers: { 'x-request-id': 'chosen' } });
    expect(answer.headers.get('x-request-id')).not.toBe('chosen');
  });
});
