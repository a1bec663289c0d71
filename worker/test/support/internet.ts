import { vi } from 'vitest';
import type { Browser } from './accounts.ts';
import type { Site } from './site.ts';

function siteOf(sites: Site[], url: URL): Site {
  const site = sites.find(({ hosts }) => hosts.includes(url.host));
  if (site === undefined) throw new Error(`nobody answers at ${url.host}`);
  return site;
}

/** Puts servers where the Worker's requests go, until the end of the test. To any other there is no way. */
export function internet(...sites: Site[]): void {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    return siteOf(sites, new URL(request.url)).answer(request);
  });
}

/** Where a journey between our pages and a provider ended. */
export interface Arrival {
  /** Path and query of our page. */
  page: string;
  /** What the provider was asked, and what our callback was called with. */
  callback: URL;
}

/** Asks for a provider and follows every redirect as a browser does; `meddle` may change what comes back to us. */
export async function visitProvider(
  browser: Browser,
  site: Site,
  provider: string,
  options: { path?: string; callbackURL?: string; meddle?: (callback: URL) => void } = {},
): Promise<Arrival> {
  const { path = '/api/auth/sign-in/social', callbackURL = '/welcome', meddle } = options;
  const asked = await browser.call(path, { json: { provider, callbackURL, errorCallbackURL: '/sign-in' } });
  if (asked.status !== 200) throw new Error(`${path} answered ${asked.status}: ${await asked.text()}`);
  const { url } = (await asked.json()) as { url: string };
  const there = await site.answer(new Request(url, { redirect: 'manual' }));
  if (there.status !== 302) throw new Error(`the provider answered ${there.status}: ${await there.text()}`);
  const callback = new URL(there.headers.get('location') ?? '');
  meddle?.(callback);
  return { page: await arrive(browser, callback), callback };
}

/** Follows what the provider sent the browser back with; returns path and query of the page it ends on. */
export async function arrive(browser: Browser, callback: URL): Promise<string> {
  const back = await browser.call(`${callback.pathname}${callback.search}`, {
    headers: { origin: '', accept: 'text/html' },
  });
  if (back.status !== 302) throw new Error(`the callback answered ${back.status}: ${await back.text()}`);
  const page = new URL(back.headers.get('location') ?? '', callback);
  return `${page.pathname}${page.search}`;
}
