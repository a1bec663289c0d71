import { expect, it } from 'vitest';
import { errorFromBody, toApiError } from './api-error.ts';

it("shows the API's own sentence and code", () => {
  const body = JSON.stringify({ detail: 'The file is empty.', code: 'validation_failed' });
  const error = errorFromBody(400, body);
  expect(error).toMatchObject({ kind: 'refused', message: 'The file is empty.', code: 'validation_failed' });
});

it("counts a proxy's error page as an API that cannot be reached", () => {
  expect(errorFromBody(502, '<html>Bad gateway</html>')).toMatchObject({ kind: 'unreachable', code: null });
});

it('keeps which parts are missing', () => {
  const body = JSON.stringify({
    detail: 'Parts are missing.',
    code: 'upload_incomplete',
    missingParts: [2, 3],
  });
  expect(errorFromBody(409, body).missingParts).toEqual([2, 3]);
});

it('puts whatever else is thrown into words', () => {
  expect(toApiError(new TypeError('Failed to fetch'))).toMatchObject({ kind: 'unreachable', status: 0 });
});
