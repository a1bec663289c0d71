import { expect, it, vi } from 'vitest';
import { load } from './+page.ts';

// As on the server, which decides on the status of the page.
vi.mock('$app/environment', () => ({ browser: false, dev: false }));

type Event = Parameters<typeof load>[0];

/** Loads the page against an API that answers everything alike. */
function loadWith(status: number, body: unknown, mailId?: string) {
  const fetch = async () => new Response(JSON.stringify(body), { status });
  return load({ fetch, params: { mailId }, depends: () => undefined } as unknown as Event);
}

it('is not there where the API has no outbox, as in production', async () => {
  const problem = { status: 404, code: 'not_found', detail: 'There is no outbox here.' };
  for (const mailId of [undefined, 'eml_1']) {
    await expect(loadWith(404, problem, mailId)).rejects.toMatchObject({ status: 404 });
  }
});

it('stays in place and says so where the API does not answer', async () => {
  expect(await loadWith(502, {})).toMatchObject({
    list: { ok: false, error: { kind: 'unreachable' } },
    message: null,
  });
});
