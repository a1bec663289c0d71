import { cookieValue } from '../cookie-value.ts';

/** As long as a device that signs in now and then stays known; each sign-in begins it anew. */
const KNOWN_SECONDS = 180 * 86_400;
/** Accounts of one household on one device. */
const MOST_ACCOUNTS = 4;
/** A nonce of 128 bits, when it ends in seconds since 1970, and the HMAC over both and the account. */
const ENTRY = /^([\w-]{22})\.(\d{10})\.([\w-]{43})$/;

/**
 * Devices that have signed in to an account before. Guesses from one of them are counted by themselves, so that
 * nobody who guesses elsewhere makes its owner wait (OWASP, "device cookies").
 */
export interface KnownDevices {
  /** Returns what the device of a request is called where it knows the account of a key, else null. */
  find(request: Request, accountKey: string): Promise<string | null>;
  /** Returns the `Set-Cookie` that makes the device of a request known to an account. */
  remember(request: Request, accountKey: string): Promise<string>;
}

const base64url = { alphabet: 'base64url', omitPadding: true } as const;
const utf8 = new TextEncoder();

/** Returns the devices that were told so by a cookie signed with `secret`; nothing is kept of them here. */
export function knownDevices(isProduction: boolean, secret: string): KnownDevices {
  const name = isProduction ? '__Host-melro.device' : 'melro.device';
  let key: CryptoKey | undefined;

  async function imported(): Promise<CryptoKey> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    key ??= await crypto.subtle.importKey('raw', utf8.encode(secret), algorithm, false, ['sign', 'verify']);
    return key;
  }
  const signed = (accountKey: string, nonce: string, endsAt: string) =>
    utf8.encode(`known-device ${accountKey} ${nonce} ${endsAt}`);

  const entriesOf = (request: Request) =>
    (cookieValue(request.headers.get('cookie') ?? '', name) ?? '')
      .split('~')
      .slice(0, MOST_ACCOUNTS)
      .flatMap((text) => {
        const [, nonce = '', endsAt = '', mac = ''] = ENTRY.exec(text) ?? [];
        return Number(endsAt) * 1000 > Date.now() ? [{ text, nonce, endsAt, mac }] : [];
      });

  async function entryOf(request: Request, accountKey: string) {
    for (const entry of entriesOf(request)) {
      const mac = Uint8Array.fromBase64(entry.mac, { alphabet: 'base64url' });
      const about = signed(accountKey, entry.nonce, entry.endsAt);
      if (await crypto.subtle.verify('HMAC', await imported(), mac, about)) return entry;
    }
    return null;
  }

  return {
    find: async (request, accountKey) => (await entryOf(request, accountKey))?.nonce ?? null,
    remember: async (request, accountKey) => {
      const known = await entryOf(request, accountKey);
      // The same name goes on: a new one would be a new set of guesses.
      const nonce = known?.nonce ?? crypto.getRandomValues(new Uint8Array(16)).toBase64(base64url);
      const endsAt = String(Math.floor(Date.now() / 1000) + KNOWN_SECONDS);
      const mac = await crypto.subtle.sign('HMAC', await imported(), signed(accountKey, nonce, endsAt));
      const entry = `${nonce}.${endsAt}.${new Uint8Array(mac).toBase64(base64url)}`;
      const others = entriesOf(request).flatMap(({ text }) => (text === known?.text ? [] : [text]));
      const value = [entry, ...others].slice(0, MOST_ACCOUNTS).join('~');
      const secure = isProduction ? ' Secure;' : '';
      return `${name}=${value}; Max-Age=${KNOWN_SECONDS}; Path=/; HttpOnly;${secure} SameSite=Lax`;
    },
  };
}
