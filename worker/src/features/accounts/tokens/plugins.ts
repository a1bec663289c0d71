import { oauthProvider } from '@better-auth/oauth-provider';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { jwt } from 'better-auth/plugins/jwt';
import type { BetterAuthPlugin } from 'better-auth/types';
import { PERMISSION_NAMES, permissionsOf, type Role } from '../../../platform/auth/permissions.ts';
import type { RecordSecurityEvent, SecurityEventName } from '../../../platform/security-events.ts';
import type { AuthParts } from '../auth-parts.ts';
import { hashSessionToken, newSessionToken } from '../session-policy.ts';
import {
  ACCESS_TOKEN_SECONDS,
  KEY_GRACE_SECONDS,
  KEY_ROTATION_SECONDS,
  personClaims,
  type TokenAuthority,
  tokenAuthority,
} from './access-tokens.ts';
import { refuseDeceivingClient } from './client-rules.ts';

const DAY_SECONDS = 86_400;

const ID_TOKEN_SECONDS = 3600;
const REFRESH_TOKEN_SECONDS = 30 * DAY_SECONDS;
/** A code, and the page that asks for consent. RFC 6749 4.1.2: at most ten minutes. */
const CODE_SECONDS = 600;

/** Whoever repeats a refresh within this gets the same answer again. */
const REFRESH_RETRY_SECONDS = 10;
/** The provider counts from the start of the second, so one more makes sure of all ten. */
const REUSE_INTERVAL_SECONDS = REFRESH_RETRY_SECONDS + 1;

/** Pages of the web app that the authorization endpoint leads to. */
export const SIGN_IN_PAGE = '/sign-in';
export const CONSENT_PAGE = '/oauth/consent';

/** What an app may ask for: who somebody is (OpenID Connect), to go on without them, and permissions. */
const SCOPES = ['openid', 'profile', 'email', 'offline_access', ...PERMISSION_NAMES];

/** What an app may ask for that was registered without a word about it: to look, and to change nothing. */
const READING = 'openid profile email offline_access account:read library:read';

/** Endpoints of the provider that are not needed, or that ours stand in for. */
export const REPLACED_OAUTH = [
  '/oauth2/register',
  '/oauth2/client/rotate-secret',
  '/oauth2/get-consent',
  '/oauth2/get-consents',
  '/oauth2/update-consent',
  '/oauth2/delete-consent',
  '/oauth2/end-session',
  // For clients with a secret; the API itself verifies by the keys.
  '/oauth2/introspect',
];

/** Says what an app must be here: without a secret, hence with PKCE at every request. */
function publicClientsOnly(authority: TokenAuthority): BetterAuthPlugin {
  return {
    id: 'public-clients',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/oauth2/create-client' || path === '/oauth2/update-client',
          handler: createAuthMiddleware(async (ctx) => {
            const body: Record<string, unknown> = ctx.body ?? {};
            const asked: Record<string, unknown> =
              ctx.path === '/oauth2/update-client' ? { ...(body.update as object) } : body;
            if ((asked.token_endpoint_auth_method ?? 'none') !== 'none') {
              throw new APIError('BAD_REQUEST', {
                code: 'PUBLIC_CLIENTS_ONLY',
                message: 'Apps have no secret here: leave token_endpoint_auth_method at none, and use PKCE.',
              });
            }
            refuseDeceivingClient(asked, ctx.path === '/oauth2/update-client' ? 'change' : 'whole');
            if (ctx.path === '/oauth2/update-client') return;
            const grants = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };
            const scope = asked.scope ?? READING;
            return { context: { body: { ...asked, ...grants, scope, token_endpoint_auth_method: 'none' } } };
          }),
        },
        {
          // Without a resource (RFC 8707) the provider would answer with an opaque token; there is one API to ask for.
          matcher: ({ path, body }) => path === '/oauth2/token' && body?.resource === undefined,
          handler: createAuthMiddleware(async (ctx) => ({
            context: { body: { ...ctx.body, resource: authority.audience } },
          })),
        },
      ],
    },
  };
}

const APP_EVENTS: Record<string, SecurityEventName> = {
  '/oauth2/create-client': 'client_registered',
  '/oauth2/update-client': 'client_changed',
  '/oauth2/delete-client': 'client_removed',
  '/oauth2/consent': 'client_authorized',
};

/** Writes into the audit log who registers, changes and removes an app, and who lets one in. */
function recordedApps(record: RecordSecurityEvent): BetterAuthPlugin {
  return {
    id: 'recorded-apps',
    hooks: {
      after: [
        {
          matcher: ({ path }) => path !== undefined && path in APP_EVENTS,
          handler: createAuthMiddleware(async (ctx) => {
            const id = ctx.context.session?.user.id;
            const event = APP_EVENTS[ctx.path];
            if (ctx.context.returned instanceof Error || id === undefined || event === undefined) return;
            const body: Record<string, unknown> = ctx.body ?? {};
            const isConsent = event === 'client_authorized';
            if (isConsent && body.accept !== true) return;
            const asked = new URLSearchParams(isConsent ? String(body.oauth_query) : '');
            const made = ctx.context.returned as { client_id?: unknown } | undefined;
            const clientId = asked.get('client_id') ?? body.client_id ?? made?.client_id;
            const scopes = body.scope ?? asked.get('scope');
            await record({
              event,
              actorId: id,
              subjectId: id,
              details: {
                clientId: String(event === 'client_registered' ? made?.client_id : clientId),
                ...(isConsent && typeof scopes === 'string' ? { scopes } : {}),
              },
              ...(ctx.request && { request: ctx.request }),
            });
          }),
        },
      ],
    },
  };
}

/** Returns the plugins that give out tokens: access JWTs for sessions, and OAuth 2.1 for apps. */
export function tokenPlugins({ isProduction, publicOrigin, record }: AuthParts): BetterAuthPlugin[] {
  const authority = tokenAuthority(publicOrigin);
  const provider = oauthProvider({
    loginPage: SIGN_IN_PAGE,
    consentPage: CONSENT_PAGE,
    scopes: SCOPES,
    resources: [{ identifier: authority.audience, name: 'API' }],
    enforcePerClientResources: false,
    grantTypes: ['authorization_code', 'refresh_token'],
    accessTokenExpiresIn: ACCESS_TOKEN_SECONDS,
    idTokenExpiresIn: ID_TOKEN_SECONDS,
    refreshTokenExpiresIn: REFRESH_TOKEN_SECONDS,
    codeExpiresIn: CODE_SECONDS,
    refreshTokenReuseInterval: REUSE_INTERVAL_SECONDS,
    storeTokens: { hash: hashSessionToken },
    generateRefreshToken: newSessionToken,
    allowPublicClientPrelogin: true,
    customAccessTokenClaims: ({ user }) => (user ? personClaims(user) : {}),
    clientPrivileges: ({ user, action }) =>
      action !== 'configure-client-credentials-scopes' && (!isProduction || user?.emailVerified === true),
    resourcePrivileges: () => false,
  });
  return [
    jwt({
      disableSettingJwtHeader: true,
      jwks: {
        keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' },
        rotationInterval: KEY_ROTATION_SECONDS,
        gracePeriod: KEY_GRACE_SECONDS,
      },
      jwt: {
        ...authority,
        expirationTime: `${ACCESS_TOKEN_SECONDS}s`,
        definePayload: ({ user }) => ({
          ...personClaims(user),
          jti: crypto.randomUUID(),
          scope: permissionsOf(user.role as Role).join(' '),
        }),
      },
    }),
    // Its description of its parameters says `undefined` where our compiler wants nothing said.
    provider as unknown as BetterAuthPlugin,
    publicClientsOnly(authority),
    recordedApps(record),
  ];
}
