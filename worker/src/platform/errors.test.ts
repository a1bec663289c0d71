import { describe, expect, it } from 'vitest';
import { ERRORS, notFound, ProblemError, problemResponse } from './errors.ts';

describe('problems', () => {
  it('say of every code a status that is an error and a title', () => {
    for (const [code, [status, title]] of Object.entries(ERRORS)) {
      expect(status, code).toBeGreaterThanOrEqual(400);
      expect(status, code).toBeLessThan(600);
      expect(title, code).toMatch(/^[A-Z]/);
    }
  });

  it('carry their extensions and headers, and what was not foreseen says nothing', async () => {
    const problem = problemResponse(
      new ProblemError('range_not_satisfiable', 'Too far.', { size: 3 }, { 'content-range': 'bytes */3' }),
      'req_1',
    );
    expect(problem.status).toBe(416);
    expect(problem.headers.get('content-range')).toBe('bytes */3');
    expect(await problem.json()).toMatchObject({
      code: 'range_not_satisfiable',
      detail: 'Too far.',
      size: 3,
      requestId: 'req_1',
    });
    const unforeseen = problemResponse(new TypeError('the password is 1234'), 'req_2');
    expect(unforeseen.status).toBe(500);
    expect(await unforeseen.text()).not.toContain('1234');
  });

  it('cannot be told to be cached or to be of another type', () => {
    const headers = { 'cache-control': 'public', 'content-type': 'text/html' };
    const problem = problemResponse(new ProblemError('not_found', 'No.', {}, headers), 'req_3');
    expect(problem.headers.get('cache-control')).toBe('no-store');
    expect(problem.headers.get('content-type')).toBe('application/problem+json');
  });

  it('of a hidden thing are those of a missing one', () => {
    expect(notFound().code).toBe('not_found');
  });
});
