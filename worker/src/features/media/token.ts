import { decode, sign, verify } from '@tsndr/cloudflare-worker-jwt';
import type { MediaClaims, MediaKeys } from './claims.ts';

const ALGORITHM = 'HS256';

/** Returns the token of a grant (RFC 7515 compact form). The same claims give the same token, so replays hit caches. */
export function signMediaToken(claims: MediaClaims, keys: MediaKeys): Promise<string> {
  return sign({ ...claims }, keys.keys[keys.current], {
    algorithm: ALGORITHM,
    header: { typ: 'JWT', kid: keys.current },
  });
}

function isClaims(payload: Partial<MediaClaims>): payload is MediaClaims {
  return (
    typeof payload.trk === 'string' &&
    typeof payload.ver === 'string' &&
    typeof payload.max === 'number' &&
    (payload.lossless === 0 || payload.lossless === 1) &&
    (payload.live === 0 || payload.live === 1) &&
    typeof payload.exp === 'number'
  );
}

/** Tokens seen lately, by the keys they were checked with: a listener sends the same one with every segment. */
const VERIFIED_LIMIT = 500;
const verifiedBy = new WeakMap<MediaKeys, Map<string, MediaClaims>>();

function verifiedWith(keys: MediaKeys): Map<string, MediaClaims> {
  const known = verifiedBy.get(keys) ?? new Map<string, MediaClaims>();
  verifiedBy.set(keys, known);
  return known;
}

/** Returns the claims of a genuine token that has not expired, else null. Never throws. */
export async function verifyMediaToken(
  token: string,
  keys: MediaKeys,
  nowSeconds: number,
): Promise<MediaClaims | null> {
  const verified = verifiedWith(keys);
  const claims = verified.get(token) ?? (await checkSignature(token, keys));
  if (claims === null || claims.exp <= nowSeconds) {
    verified.delete(token);
    return null;
  }
  if (!verified.has(token)) {
    const oldest = verified.size < VERIFIED_LIMIT ? undefined : verified.keys().next().value;
    if (oldest !== undefined) verified.delete(oldest);
    verified.set(token, claims);
  }
  return claims;
}

async function checkSignature(token: string, keys: MediaKeys): Promise<MediaClaims | null> {
  try {
    const { kid, alg } = decode<MediaClaims, { kid?: string }>(token).header;
    const key = kid !== undefined && Object.hasOwn(keys.keys, kid) ? keys.keys[kid] : undefined;
    if (key === undefined || alg !== ALGORITHM) return null;
    const data = await verify<MediaClaims>(token, key, { algorithm: ALGORITHM });
    return data !== undefined && isClaims(data.payload) ? data.payload : null;
  } catch {
    // Whatever is not a token at all is refused like a wrong one.
    return null;
  }
}
