import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type AuthorizationServer, authorizationServer, type Client, json } from './authorization-server.ts';
import type { Site } from './site.ts';

/** Somebody with an account at the provider. */
export interface Claimant {
  sub: string;
  email: string;
  email_verified: boolean;
  name: string;
  preferred_username?: string;
}

/** What a provider gets wrong, or an attacker makes of what it said. */
export interface Tampering {
  claims?: (claims: JWTPayload) => JWTPayload;
  /** Signs with a key that the JWKS does not have, under the same key id. */
  isForged?: boolean;
  /** Signs with the client's secret, which a client that takes any algorithm would check. */
  isSymmetric?: boolean;
  hasNoIdToken?: boolean;
}

export interface OidcProvider extends AuthorizationServer<Claimant>, Site {
  issuer: string;
  tampering: Tampering;
}

/**
 * Returns an OpenID Connect provider: discovery, redirects, PKCE, codes that work once, ID tokens signed RS256 with
 * the nonce of the request, checked by its JWKS, userinfo.
 */
export async function oidcProvider(issuer: string, client: Client, person: Claimant): Promise<OidcProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const forger = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  const server = authorizationServer(client, person);
  const tokens = new Map<string, Claimant>();

  async function idToken(claimant: Claimant, nonce: string | null): Promise<string> {
    const { claims: change, isForged, isSymmetric } = provider.tampering;
    const nowSeconds = Math.floor(Date.now() / 1000);
    const claims: JWTPayload = {
      iss: issuer,
      aud: client.clientId,
      iat: nowSeconds,
      exp: nowSeconds + 300,
      ...claimant,
      ...(nonce === null ? {} : { nonce }),
    };
    const token = new SignJWT(change === undefined ? claims : change(claims));
    if (isSymmetric) {
      return token.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(client.clientSecret));
    }
    return token
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .sign(isForged ? forger.privateKey : privateKey);
  }

  async function answerToken(request: Request): Promise<Response> {
    const granted = await server.redeem(request);
    if (granted === null) return json({ error: 'invalid_grant' }, 400);
    const accessToken = `at_${crypto.randomUUID()}`;
    tokens.set(accessToken, granted.person);
    return json({
      access_token: accessToken,
      refresh_token: `rt_${crypto.randomUUID()}`,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: granted.scopes.join(' '),
      ...(provider.tampering.hasNoIdToken ? {} : { id_token: await idToken(granted.person, granted.nonce) }),
    });
  }

  const provider: OidcProvider = Object.assign(server, {
    issuer,
    tampering: {} as Tampering,
    hosts: [new URL(issuer).host],
    answer: async (request: Request) => {
      const url = new URL(request.url);
      switch (url.pathname) {
        case '/.well-known/openid-configuration':
          return json({
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/userinfo`,
            jwks_uri: `${issuer}/jwks`,
            response_types_supported: ['code'],
            id_token_signing_alg_values_supported: ['RS256'],
            code_challenge_methods_supported: ['S256'],
          });
        case '/jwks':
          return json({ keys: [jwk] });
        case '/authorize':
          return server.authorize(url);
        case '/token':
          return answerToken(request);
        case '/userinfo': {
          const claimant = tokens.get(request.headers.get('authorization')?.slice(7) ?? '');
          return claimant === undefined ? json({ error: 'invalid_token' }, 401) : json(claimant);
        }
        default:
          return new Response(null, { status: 404 });
      }
    },
  });
  return provider;
}
