/** Where the gateway keeps objects near the listener. Keys know no token, so all listeners share an entry. */
export interface SegmentCache {
  get(key: string): Promise<Response | undefined>;
  /** Stores a whole object; resolves once it is kept. */
  put(key: string, response: Response): Promise<void>;
}

/** Returns the cache of the Cloudflare data centre that serves the request. */
export function edgeCache(origin: string): SegmentCache {
  const address = (key: string) => `${origin}/media-cache/${key}`;
  return {
    get: (key) => caches.default.match(address(key)),
    put: (key, response) => caches.default.put(address(key), response),
  };
}
