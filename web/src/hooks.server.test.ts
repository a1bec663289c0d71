import type { RequestEvent } from '@sveltejs/kit';
import { describe, expect, it, vi } from 'vitest';

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

describe('who is there', () => {
  const ME = 'https://melro.test/api/v1/me';

  /** Returns whether the API is asked when the server renders a page for somebody with these cookies. */
  async function isAsked(cookie: string | null, isSubRequest = true): Promise<boolean> {
    const request = new Request(ME);
    const get = (name: string) => (name === 'cookie' ? cookie : null);
    // A browser's Request refuses to carry the header; SvelteKit's on the server does.
    Object.defineProperty(request, 'headers', { value: { get } });
    let asked = false;
    const answerIt = async () => {
      asked = true;
      return new Response();
    };
    const platform = { env: { API: { fetch: answerIt } } };
    const event = { request, isSubRequest, url: new URL(ME), platform, getClientAddress: () => null };
    const resolve = () => Promise.reject(new Error('this is not a page'));
    const answer = await handle({ event: event as unknown as RequestEvent, resolve });
    expect(answer.status).toBe(asked ? 200 : 401);
    return asked;
  }

  it('is a question to the API only for who brings a session', async () => {
    expect(await isAsked(null)).toBe(false);
    expect(await isAsked('theme=dark; xmelro.session_token=1')).toBe(false);
    expect(await isAsked('theme=dark; melro.session_token=1.2')).toBe(true);
    expect(await isAsked('__Host-melro.session_token=1.2')).toBe(true);
  });

  it('is always asked when it is the browser that wants to know', async () => {
    expect(await isAsked(null, false)).toBe(true);
  });
});

it('what is loaded on the server carries the visitor’s address, so that visitors are limited one by one', async () => {
  expect(await toldAddress(new Request(ADDRESS), true)).toBe('203.0.113.7');
});

it('what a browser sends is handed over with the address that Cloudflare set', async () => {
  const request = new Request(ADDRESS, { headers: { 'cf-connecting-ip': '198.51.100.1' } });
  expect(await toldAddress(request, false)).toBe('198.51.100.1');
});

describe('a page', () => {
  const CSP = "default-src 'self'; script-src 'self' 'nonce-abc'";

  async function policyWhere(options: object, status = 200): Promise<string | null> {
    vi.resetModules();
    const { handle: fresh } = await import('./hooks.server');
    const platform = { env: { API: { fetch: async () => Response.json(options, { status }) } } };
    const request = new Request('https://melro.test/');
    const event = { request, isSubRequest: false, url: new URL(request.url), platform };
    const page = () => new Response('page', { headers: { 'content-security-policy': CSP } });
    const answer = await fresh({ event: event as unknown as RequestEvent, resolve: page });
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    return answer.headers.get('content-security-policy');
  }

  it('lets the challenge in where one is set up', async () => {
    expect(await policyWhere({ turnstileSiteKey: 'a-key' })).toBe(
      "default-src 'self'; script-src https://challenges.cloudflare.com 'self' 'nonce-abc'; frame-src 'self' https://challenges.cloudflare.com",
    );
  });

  it('lets nobody else in where none is, or where the API does not say', async () => {
    expect(await policyWhere({ turnstileSiteKey: null })).toBe(CSP);
    expect(await policyWhere({ code: 'internal_error' }, 500)).toBe(CSP);
  });
});
