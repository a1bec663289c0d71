import type { RequestEvent } from '@sveltejs/kit';
import { expect, it, vi } from 'vitest';

vi.mock('$env/dynamic/private', () => ({ env: {} }));
const { handle } = await import('./hooks.server');

/** Returns the address that the API is told of for a request that the browser or `load` makes. */
async function toldAddress(request: Request, isSubRequest: boolean): Promise<string | null> {
  let asked: Request | undefined;
  const API = {
    fetch: async (given: Request) => {
      asked = given;
      return new Response('answered');
    },
  };
  const event = {
    request,
    isSubRequest,
    url: new URL(request.url),
    platform: { env: { API } },
    getClientAddress: () => '203.0.113.7',
  };
  const resolve = () => Promise.reject(new Error('this is not a page'));
  const answer = await handle({ event: event as unknown as RequestEvent, resolve });
  expect(await answer.text()).toBe('answered');
  return asked?.headers.get('cf-connecting-ip') ?? null;
}

const ADDRESS = 'https://melro.test/api/v1/tracks';

it('what is loaded on the server carries the visitor’s address, so that visitors are limited one by one', async () => {
  expect(await toldAddress(new Request(ADDRESS), true)).toBe('203.0.113.7');
});

it('what a browser sends is handed over with the address that Cloudflare set', async () => {
  const request = new Request(ADDRESS, { headers: { 'cf-connecting-ip': '198.51.100.1' } });
  expect(await toldAddress(request, false)).toBe('198.51.100.1');
});
