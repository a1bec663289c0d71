/** The key of requests whose address nobody tells: a developer's machine. */
const NOWHERE = 'local';

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/;

/**
 * Returns what an address belongs to: the /24 of IPv4, the /56 of IPv6 (what a household is given, RFC 6177),
 * since whoever has one address of it has them all. Anything that is no address is one key for all.
 */
export function addressPrefix(address: string | null | undefined): string {
  const text = address?.trim().toLowerCase() ?? '';
  const mapped = text.startsWith('::ffff:') ? text.slice('::ffff:'.length) : text;
  const v4 = IPV4.exec(mapped);
  if (v4 !== null) return `${v4[1]}.${v4[2]}.${v4[3]}.0/24`;
  if (!/^[0-9a-f:]*:[0-9a-f:.]*$/.test(text)) return NOWHERE;
  const [head = '', tail] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4);
  const [a, b, c, d] = groups.map((group) => Number.parseInt(group, 16));
  if (a === undefined || b === undefined || c === undefined || d === undefined) return NOWHERE;
  const hex = [a, b, c, d & 0xff00].map((group) => group.toString(16));
  return hex.includes('NaN') ? NOWHERE : `${hex.join(':')}::/56`;
}

/** Returns the key of where a request comes from; Cloudflare sets the header and lets no client choose it. */
export function addressKey(request: Request): string {
  return addressPrefix(request.headers.get('cf-connecting-ip'));
}

/** Returns the key of an account as a form names it: spelled any way, it is one, and its name is not in the key. */
export async function accountKey(identifier: string): Promise<string> {
  const normal = identifier.normalize('NFKC').trim().toLowerCase();
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(normal));
  return new Uint8Array(hash).toHex();
}
