import type { AccessToken, Settings } from '../settings.ts';

/** Who is asking. */
export interface Principal {
  id: string;
  role: 'operator' | 'uploader';
  /** True where the browser sends the identity by itself, so that another site could borrow it. */
  ambient: boolean;
}

/** Finds out who is asking; null is a stranger. */
export type PrincipalResolver = (request: Request) => Promise<Principal | null>;

/** The one person of a development installation. */
const LOCAL_PRINCIPAL: Principal = { id: 'local', role: 'operator', ambient: true };

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

/**
 * Returns the resolver for deployments without accounts: bearer tokens listed in ACCESS_TOKENS
 * (RFC 6750), and in development, where none is presented, the local operator.
 */
export function accessTokenResolver(settings: Settings): PrincipalResolver {
  return async (request) => {
    const presented = /^Bearer ([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (presented !== undefined) {
      const token = await findToken(settings.accessTokens, presented);
      return token && { id: token.id, role: token.role, ambient: false };
    }
    return settings.environment === 'development' ? LOCAL_PRINCIPAL : null;
  };
}
