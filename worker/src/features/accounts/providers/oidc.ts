import {
  createAuthorizationURL,
  type OAuthProvider,
  validateAuthorizationCode,
  verifyProviderIdToken,
} from '@better-auth/core/oauth2';
import { createRemoteJWKSet, decodeJwt } from 'jose';
import { z } from 'zod';
import {
  type Profile,
  type Provider,
  type ProviderClient,
  readJson,
  unavailable,
  userOf,
} from './provider-profile.ts';

const DISCOVERY_MS = 3_600_000;
/** Signatures by a key that only the provider has: never HS256, whose key would be our own secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});

const claimsSchema = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  email: z.email().optional(),
  // Some send it as text; what is neither means no.
  email_verified: z.union([z.boolean(), z.string()]).optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

interface Discovered {
  authorizationEndpoint: string;
  tokenEndpoint: string;
  idToken: NonNullable<OAuthProvider['idToken']>;
}

async function discover(issuer: string, clientId: string): Promise<Discovered> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { data: document } = discoverySchema.safeParse(await readJson(address));
  // Another issuer's document would let one provider speak for another (OpenID Connect Discovery, 4.3).
  if (document?.issuer !== issuer) throw unavailable(new Error(`${address} does not describe this issuer`));
  return {
    authorizationEndpoint: document.authorization_endpoint,
    tokenEndpoint: document.token_endpoint,
    idToken: {
      jwks: createRemoteJWKSet(new URL(document.jwks_uri)),
      issuer,
      audience: clientId,
      algorithms: ALGORITHMS,
      maxTokenAge: '1h',
      verifyClaims: (claims) => claimsSchema.safeParse(claims).success,
    },
  };
}

/**
 * Returns a provider that speaks OpenID Connect: authorization code with PKCE and nonce; whoever comes is who the
 * verified ID token says and nobody else. Its addresses are asked of it, at most once an hour.
 */
export function oidcProvider(
  setting: ProviderClient & { id: string; name: string; issuer: string },
): Provider {
  const { id, name, issuer, clientId, clientSecret } = setting;
  let known: { discovered: Promise<Discovered>; untilMs: number } | null = null;
  const endpoints = () => {
    if (known === null || known.untilMs < Date.now()) {
      const discovered = discover(issuer, clientId);
      known = { discovered, untilMs: Date.now() + DISCOVERY_MS };
      discovered.catch(() => {
        known = null;
      });
    }
    return known.discovered;
  };
  const options = { clientId, clientSecret };
  return {
    id,
    name,
    issuer,
    requiresIdTokenNonce: true,
    accountSubject: ({ profile }) => String(profile.sub),
    createAuthorizationURL: async ({ state, codeVerifier, redirectURI, idTokenNonce }) => {
      const { authorizationEndpoint } = await endpoints();
      return createAuthorizationURL({
        id,
        options,
        authorizationEndpoint,
        scopes: ['openid', 'email', 'profile'],
        state,
        codeVerifier,
        redirectURI,
        ...(idTokenNonce !== undefined && { nonce: idTokenNonce }),
      });
    },
    validateAuthorizationCode: async ({ code, codeVerifier, redirectURI }) => {
      const { tokenEndpoint } = await endpoints();
      return validateAuthorizationCode({
        code,
        redirectURI,
        options,
        tokenEndpoint,
        ...(codeVerifier !== undefined && { codeVerifier }),
      });
    },
    getUserInfo: async ({ idToken, expectedIdTokenNonce }) => {
      if (idToken === undefined || expectedIdTokenNonce === undefined) return null;
      const { idToken: rules } = await endpoints();
      const verifier = { idToken: rules } as OAuthProvider;
      if (!(await verifyProviderIdToken(verifier, idToken, expectedIdTokenNonce))) return null;
      const claims = claimsSchema.parse(decodeJwt(idToken));
      const profile: Profile = {
        subject: claims.sub,
        email: claims.email ?? null,
        emailVerified: claims.email_verified === true || claims.email_verified === 'true',
        names: [claims.name, claims.preferred_username],
      };
      return { user: userOf(profile), data: { sub: profile.subject } };
    },
    options,
  };
}
