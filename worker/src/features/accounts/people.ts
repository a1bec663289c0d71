import { requirePrincipal } from '../../platform/auth/guard.ts';
import type { Principal } from '../../platform/auth/principal.ts';
import { ProblemError } from '../../platform/errors.ts';
import { LOCALES, type Locale, type Occasion } from './ports.ts';
import type { AccountStore, UserRow } from './store.ts';

/** Rows that were read to find out who asks, so that one request does not read them twice. */
const rows = new WeakMap<Principal, UserRow>();

/** Returns the principal of a person whose row was just read, for this one request. */
export function principalOf(
  row: UserRow,
  how: Pick<Principal, 'permissions' | 'ambient' | 'sessionId' | 'apiKeyId' | 'isRecent'>,
): Principal {
  const { id, role, emailVerified, deletesAt } = row;
  const principal = { id, role, emailVerified, isLeaving: deletesAt !== null, ...how };
  rows.set(principal, row);
  return principal;
}

/** Returns the caller's row. Tokens from ACCESS_TOKENS have none: throws `no_account`. */
export async function accountOf(store: AccountStore, principal: Principal | null): Promise<UserRow> {
  const known = requirePrincipal(principal);
  const row = rows.get(known) ?? (await store.findUser(known.id));
  if (row === null)
    throw new ProblemError('no_account', 'Whoever this is has no account here. Sign up or sign in.');
  return row;
}

/** Returns the language of a person's mail. */
export function localeOf(person: object): Locale {
  const { locale } = person as { locale?: unknown };
  return LOCALES.find((known) => known === locale) ?? 'en';
}

/** Returns the claims of a link's token; its signature was or will be checked by who acts on it. */
export function claimsOf(token: string): { email?: string; updateTo?: string } {
  try {
    const [, payload = ''] = token.split('.');
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: 'base64url' })));
  } catch {
    return {};
  }
}

type CloudflareRequest = Request<unknown, IncomingRequestCfProperties>;

/** Returns from which device and where a request comes, as far as it says. */
export function originOf(request: Request | undefined): {
  device: string | null;
  city: string | null;
  country: string | null;
} {
  const { cf, headers } = (request ?? {}) as Partial<CloudflareRequest>;
  return {
    device: headers?.get('user-agent')?.slice(0, 300) ?? null,
    city: cf?.city?.slice(0, 100) ?? null,
    country: cf?.country ?? null,
  };
}

/** Returns when and from where something is being done, for the mail that tells its owner. */
export function occasionOf(request: Request | undefined): Occasion {
  const { device, city, country } = originOf(request);
  const place = [city, country].filter((part) => part !== null).join(', ');
  return { atMs: Date.now(), device, place: place === '' ? null : place };
}
