import { type AuthSecrets, signingSecrets } from './auth/auth-secrets.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function macOf(secret: string, purpose: string, value: string): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytesOf(JSON.stringify([purpose, value]))));
}

/** Secrets of links in mails: made of what they open, so that none is kept and a mail sent twice says the same. */
export interface LinkTokens {
  /** Returns the token (HMAC-SHA-256, base64url) that opens `value`; `purpose` keeps kinds of links apart. */
  sign(purpose: string, value: string): Promise<string>;
  /** Returns whether a token opens `value`; in constant time, also for tokens made with earlier secrets. */
  verify(purpose: string, value: string, token: string): Promise<boolean>;
}

/** Returns the maker and checker of link tokens. */
export function linkTokens(secrets: AuthSecrets): LinkTokens {
  const known = signingSecrets(secrets).map(({ value }) => value);
  return {
    sign: async (purpose, value) => {
      const mac = await macOf(known[0] ?? '', purpose, value);
      return mac.toBase64({ alphabet: 'base64url', omitPadding: true });
    },
    verify: async (purpose, value, token) => {
      // 32 bytes are 43 characters.
      if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return false;
      const presented = Uint8Array.fromBase64(token, { alphabet: 'base64url' });
      let isKnown = false;
      for (const secret of known) {
        if (crypto.subtle.timingSafeEqual(await macOf(secret, purpose, value), presented)) isKnown = true;
      }
      return isKnown;
    },
  };
}
