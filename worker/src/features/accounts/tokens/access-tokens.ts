import { createRemoteJWKSet, customFetch, errors, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { permissionsWithin, ROLES } from '../../../platform/auth/permissions.ts';
import type { Principal } from '../../../platform/auth/principal.ts';

/** An access JWT outlives by this much whatever is taken from its owner: a role, a session, the account. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** Keys that sign are replaced after this long; the old one still verifies for a day. */
export const KEY_ROTATION_SECONDS = 30 * 86_400;
export const KEY_GRACE_SECONDS = 86_400;

/** Keys are read again when one is not known, but not more often than this, whatever strangers send. */
const KEYS_COOLDOWN_MS = 5000;
/** And in any case after this, so that one that was taken away is forgotten. */
const KEYS_MAX_AGE_MS = 10 * 60_000;

/** Who issues access JWTs, and for whom: RFC 9068. */
export interface TokenAuthority {
  issuer: string;
  /** The API, as RFC 8707 names it. */
  audience: string;
}

/** Returns the authority of an installation. */
export function tokenAuthority(publicOrigin: string): TokenAuthority {
  return { issuer: publicOrigin, audience: `${publicOrigin}/api` };
}

/** The claims that say who is asking, beside those that every JWT has. */
const claimsSchema = z.object({
  sub: z.string().regex(/^usr_/),
  scope: z.string(),
  role: z.enum(ROLES),
  email_verified: z.boolean(),
});

/** Returns the claims about a person that access JWTs carry, so that verifying one needs no database. */
export function personClaims(person: object): { role: string; email_verified: boolean } {
  const { role, emailVerified } = person as { role?: unknown; emailVerified?: unknown };
  return { role: String(role), email_verified: emailVerified === true };
}

function principalOf(payload: JWTPayload): Principal | null {
  const { data } = claimsSchema.safeParse(payload);
  if (data === undefined) return null;
  return {
    id: data.sub,
    role: data.role,
    permissions: permissionsWithin(data.role, data.scope.split(' ')),
    emailVerified: data.email_verified,
    ambient: false,
    sessionId: null,
  };
}

/**
 * Returns whom an access JWT speaks for, or null where it is not one, not ours, not for this API or expired (RFC 9068).
 * `loadKeys` reads the public keys; they stay in the isolate's memory, so that most requests read nothing at all.
 */
export function accessTokenResolver(authority: TokenAuthority, loadKeys: () => Promise<JWK[]>) {
  // jose knows when to read keys again; what it would fetch is in our own database, so nothing is fetched.
  const keys = createRemoteJWKSet(new URL('/api/auth/jwks', authority.issuer), {
    [customFetch]: async () => Response.json({ keys: await loadKeys() }),
    cooldownDuration: KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
  });
  return async (token: string): Promise<Principal | null> => {
    if (token.split('.').length !== 3) return null;
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...authority,
        algorithms: ['EdDSA'],
        requiredClaims: ['exp', 'iat', 'sub', 'scope'],
        maxTokenAge: ACCESS_TOKEN_SECONDS,
      });
      return principalOf(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  };
}
