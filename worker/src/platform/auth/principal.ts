import { type AccessToken, LOCAL_OPERATOR, type Settings } from '../settings.ts';
import { type Permission, permissionsOf, type Role } from './permissions.ts';

/** Who is asking. */
export interface Principal {
  id: string;
  role: Role;
  /** What this request may do: at most what the role permits, less where a token or key has a narrower scope. */
  permissions: readonly Permission[];
  emailVerified: boolean;
  /** True where the browser sends the identity by itself, so that another site could borrow it. */
  ambient: boolean;
  /** The signed-in session; null where a token speaks. */
  sessionId: string | null;
  /** The API key that speaks, if one does: it is limited by itself. */
  apiKeyId?: string;
  /** True where they have proven who they are only a moment ago. */
  isRecent?: boolean;
  /** True where their account waits to be deleted: they may keep it, and nothing else. */
  isLeaving?: boolean;
}

/** Finds out who is asking; null is a stranger. */
export type PrincipalResolver = (request: Request) => Promise<Principal | null>;

/** Ways to be somebody that features bring along. */
export interface PrincipalSources {
  /** Who a bearer token (RFC 6750) speaks for; null where this source did not give it out. Asked in order. */
  bearers: readonly ((token: string, request: Request) => Promise<Principal | null>)[];
  /** Who is signed in; undefined where the request carries no session cookie, null where the cookie is worth nothing. */
  session(request: Request): Promise<Principal | null | undefined>;
  /** The person whom the local operator acts for, or null while there is nobody. */
  localPerson(): Promise<string | null>;
}

const TOKEN_ROLES = { operator: 'admin', uploader: 'artist', listener: 'listener' } as const;

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

function hexToBytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Returns the entry whose hash fits; looks at every entry so that the time tells nothing. */
async function findToken(tokens: AccessToken[], presented: string): Promise<AccessToken | null> {
  const hash = await sha256(presented);
  let found: AccessToken | null = null;
  for (const token of tokens) {
    if (crypto.subtle.timingSafeEqual(hash, hexToBytes(token.sha256))) found = token;
  }
  return found;
}

function ofAccessToken({ id, role: tokenRole }: AccessToken): Principal {
  const role = TOKEN_ROLES[tokenRole];
  const permissions = permissionsOf(role);
  return { id, role, permissions, emailVerified: true, ambient: false, sessionId: null };
}

/**
 * Returns the resolver of an installation. A bearer token, where there is one, decides alone: first the sources in
 * their order, then the list in ACCESS_TOKENS. Then the session cookie. Whoever shows something that is not valid is a
 * stranger, never somebody else.
 */
export function principalResolver(settings: Settings, sources: PrincipalSources): PrincipalResolver {
  return async (request) => {
    const presented = /^Bearer ([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (presented !== undefined) {
      for (const source of sources.bearers) {
        const principal = await source(presented, request);
        if (principal !== null) return principal;
      }
      const token = await findToken(settings.accessTokens, presented);
      if (token === null) return null;
      const principal = ofAccessToken(token);
      if (token.id !== LOCAL_OPERATOR) return principal;
      return { ...principal, id: (await sources.localPerson()) ?? LOCAL_OPERATOR };
    }
    return (await sources.session(request)) ?? null;
  };
}
