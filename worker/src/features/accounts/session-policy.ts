const DAY_MS = 86_400_000;

/** A session ends after this long without use: two weeks on a device that was to be remembered, else a day. */
const IDLE_REMEMBERED_MS = 14 * DAY_MS;
const IDLE_OTHERWISE_MS = DAY_MS;

/** And after this long in any case. The cookie lives as long; the server ends idle sessions before. */
export const ABSOLUTE_SECONDS = 90 * 86_400;

/** Uses are noted to the nearest quarter of an hour, so that reading does not mean writing. */
export const TOUCH_AFTER_MS = 15 * 60_000;

/** Returns when a session ends that is used at `nowMs` and then no more. */
export function expiryMs(session: { createdAtMs: number; isRemembered: boolean }, nowMs: number): number {
  const idleMs = session.isRemembered ? IDLE_REMEMBERED_MS : IDLE_OTHERWISE_MS;
  return Math.min(nowMs + idleMs, session.createdAtMs + ABSOLUTE_SECONDS * 1000);
}

/** How long links in mails work. */
export const VERIFICATION_SECONDS = 24 * 3600;
export const RESET_SECONDS = 3600;

/** Returns a new session token: 256 random bits. */
export function newSessionToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Returns what is kept of a token: SHA-256 is enough for 256 random bits, there is nothing to guess. */
export async function hashSessionToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return `${HASHED}${new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true })}`;
}

/** What a kept hash begins with; no token does, for base64url has no colon. */
export const HASHED = 'sha256:';

/** Returns the network of an address (/24, or /48 of IPv6), which tells places apart but not people; null for none. */
export function networkOf(address: string | null): string | null {
  if (address === null) return null;
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/i.exec(address);
  if (v4 !== null) return `${v4[1]}.${v4[2]}.${v4[3]}.0/24`;
  if (!/^[0-9a-f:]{2,39}$/i.test(address) || !address.includes(':')) return null;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 3).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.join(':')}::/48`;
}
