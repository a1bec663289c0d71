import { cookieValue } from '../../platform/cookie-value.ts';

/**
 * What every cookie of accounts is called first. `__Host-` makes browsers insist on https, `Path=/` and no `Domain`,
 * so no subdomain can plant one (RFC 6265bis 4.1.3.2); they refuse it over the http of a developer's machine.
 */
export function cookiePrefix(isProduction: boolean): string {
  return isProduction ? '__Host-melro' : 'melro';
}

/** Reads the session cookie as better-auth sets it: `token.signature`, HMAC-SHA-256 in base64, percent-encoded. */
export interface SessionCookie {
  /** Returns the token; undefined without such a cookie, null where it is not ours. */
  read(request: Request): Promise<string | null | undefined>;
}

function decoded(value: string): { token: string; signature: Uint8Array } | null {
  try {
    const text = decodeURIComponent(value);
    const at = text.lastIndexOf('.');
    return { token: text.slice(0, at), signature: Uint8Array.fromBase64(text.slice(at + 1)) };
  } catch {
    return null;
  }
}

/** Returns the reader for cookies signed with `secret`. What is forged costs no look-up. */
export function sessionCookie(isProduction: boolean, secret: string): SessionCookie {
  const name = `${cookiePrefix(isProduction)}.session_token`;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = new TextEncoder();
  let key: CryptoKey | undefined;
  return {
    read: async (request) => {
      const value = cookieValue(request.headers.get('cookie') ?? '', name);
      if (value === undefined || value === '') return undefined;
      const parts = decoded(value);
      if (parts === null || parts.token === '') return null;
      key ??= await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, ['verify']);
      const isOurs = await crypto.subtle.verify('HMAC', key, parts.signature, bytes.encode(parts.token));
      return isOurs ? parts.token : null;
    },
  };
}
