import type { MediaClaims, MediaKeys } from './claims.ts';
import { parseRange } from './range.ts';
import type { SegmentCache } from './segment-cache.ts';
import { verifyMediaToken } from './token.ts';

/** What the gateway needs, and all that it may touch. */
export interface GatewayDeps {
  keys: MediaKeys;
  cache: SegmentCache;
  /** Returns an object of R2 by key. */
  readObject(key: string): Promise<R2ObjectBody | null>;
  objectKey(trackId: string, version: string, path: string): string;
  waitUntil(promise: Promise<unknown>): void;
}

/** Why the gateway refuses, for the outer world to put into words. */
export type Refusal = 'refused' | 'not_found' | { unsatisfiableSizeBytes: number };

const ADDRESS = /^\/media\/([^/]+)\/([^/]+)\/([^/]+)\/([A-Za-z0-9/._-]+)$/;
const MEDIA_PATH = /^(\d{2,3}|lossless)\/(?:init\.mp4|\d{1,5}\.m4s|playlist\.m3u8)$/;
const MASTER_PATH = /^(?:(master)(?:-(\d{2,3}))?|(lossless))\.m3u8$/;

/** Applied to every answer: a token is the only credential, so any site may play with one. */
export const CORS_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Content-Length, Content-Range, ETag, Cache-Status, X-Request-Id',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
};

/** What only the question before the question wants to know; every header of a segment costs. */
export const PREFLIGHT_HEADERS = {
  ...CORS_HEADERS,
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': 'Range, If-Range',
  'access-control-max-age': '86400',
};

/** A grant for 128 kbit/s opens the renditions up to it; lossless is granted by itself. */
function allows(claims: MediaClaims, path: string): boolean {
  const rendition = MEDIA_PATH.exec(path)?.[1];
  if (rendition !== undefined) {
    return rendition === 'lossless' ? claims.lossless === 1 : Number(rendition) <= claims.max;
  }
  const master = MASTER_PATH.exec(path);
  if (master === null) return false;
  const [, isAac, cap = '320'] = master;
  return isAac === undefined ? claims.lossless === 1 : Number(cap) <= claims.max;
}

/**
 * Answers GET and HEAD of `/media/{token}/{trackId}/{version}/{path}`: verifies the token, then serves the
 * object from the edge cache, else from R2. A refusal is returned before anything is looked up.
 */
export async function serveMedia(
  request: Request,
  pathname: string,
  deps: GatewayDeps,
): Promise<Response | Refusal> {
  const [, token, trackId, version, path] = ADDRESS.exec(pathname) ?? [];
  if (token === undefined || trackId === undefined || version === undefined || path === undefined)
    return 'not_found';
  const claims = await verifyMediaToken(token, deps.keys, Date.now() / 1000);
  if (claims === null || claims.trk !== trackId || claims.ver !== version || !allows(claims, path))
    return 'refused';
  const key = deps.objectKey(trackId, version, path);
  const isPlaylist = path.endsWith('.m3u8');
  const isChanging = isPlaylist && claims.live === 1;
  const cached = isChanging ? undefined : await deps.cache.get(key);
  const whole = cached ?? (await fromBucket(key, isChanging, deps));
  if (whole === null) return 'not_found';
  return answer(request, whole, cached !== undefined);
}

async function fromBucket(key: string, isChanging: boolean, deps: GatewayDeps): Promise<Response | null> {
  const object = await deps.readObject(key);
  if (object === null) return null;
  const response = new Response(object.body, {
    headers: {
      ...CORS_HEADERS,
      'content-type': object.httpMetadata?.contentType ?? 'application/octet-stream',
      'content-length': String(object.size),
      etag: object.httpEtag,
      'accept-ranges': 'bytes',
      'cache-control': isChanging ? 'no-store' : 'public, max-age=31536000, immutable',
    },
  });
  if (!isChanging) deps.waitUntil(deps.cache.put(key, response.clone()));
  return response;
}

/** RFC 9110, 13.1.2: a list or `*`, compared weakly, because a proxy that compresses weakens our etags. */
function matches(ifNoneMatch: string | null, etag: string | null): boolean {
  if (ifNoneMatch === null || etag === null) return false;
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}

async function answer(request: Request, whole: Response, isHit: boolean): Promise<Response | Refusal> {
  // The one copy: what comes out of the cache cannot be changed.
  const complete = new Response(whole.body, whole);
  const { headers } = complete;
  // RFC 9211; the cache's own header of another meaning would only confuse.
  headers.set('cache-status', isHit ? 'melro; hit' : 'melro; fwd=miss');
  headers.delete('cf-cache-status');
  const sizeBytes = Number(headers.get('content-length'));
  if (matches(request.headers.get('if-none-match'), headers.get('etag'))) {
    await complete.body?.cancel();
    headers.delete('content-length');
    return new Response(null, { status: 304, headers });
  }
  const ifRange = request.headers.get('if-range');
  // RFC 9110, 13.1.5: a validator that does not match means the range is of another object.
  const isRangeValid = ifRange === null || ifRange === headers.get('etag');
  const range = isRangeValid ? parseRange(request.headers.get('range'), sizeBytes) : null;
  if (range === 'unsatisfiable') {
    await complete.body?.cancel();
    return { unsatisfiableSizeBytes: sizeBytes };
  }
  if (request.method === 'HEAD') {
    await complete.body?.cancel();
    return new Response(null, { headers });
  }
  if (range === null) return complete;
  const bytes = (await complete.arrayBuffer()).slice(range.start, range.end + 1);
  headers.set('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`);
  headers.set('content-length', String(bytes.byteLength));
  return new Response(bytes, { status: 206, headers });
}
