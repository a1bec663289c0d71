import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { betterAuth } from 'better-auth/minimal';
import type { BetterAuthOptions } from 'better-auth/types';
import { signingSecrets } from '../../platform/auth/auth-secrets.ts';
import { type IdPrefix, newId } from '../../platform/ids.ts';
import { logError } from '../../platform/log.ts';
import { authFlows } from './auth-flows.ts';
import type { AuthParts } from './auth-parts.ts';
import { cookiePrefix } from './cookies.ts';
import { factorPlugins, REFUSED_FACTOR_PATHS } from './factors/plugins.ts';
import { FRESH_SECONDS } from './factors/recent-sign-in.ts';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './password-rules.ts';
import { AUTH_PATH } from './paths.ts';
import { validateUserInfo } from './providers/provider-rules.ts';
import { withSealedTokens } from './providers/token-sealing.ts';
import { replacedSession } from './replaced-session.ts';
import { ABSOLUTE_SECONDS, RESET_SECONDS, VERIFICATION_SECONDS } from './session-policy.ts';
import { withHashedSessions } from './session-storage.ts';
import * as tables from './tables.ts';
import { REPLACED_OAUTH, tokenPlugins } from './tokens/plugins.ts';
import { tellOfReuse } from './tokens/refresh-reuse.ts';
import { tokenEndpoint } from './tokens/token-endpoint.ts';

const SIGN_IN_PAGE = '/sign-in';

/** better-auth's models and our tables. */
const SCHEMA = {
  user: tables.users,
  session: tables.userSessions,
  account: tables.userCredentials,
  verification: tables.verifications,
  twoFactor: tables.userTwoFactors,
  passkey: tables.userPasskeys,
  jwks: tables.signingKeys,
  oauthClient: tables.oauthClients,
  oauthResource: tables.oauthResources,
  oauthClientResource: tables.oauthClientResources,
  oauthRefreshToken: tables.oauthRefreshTokens,
  oauthAccessToken: tables.oauthAccessTokens,
  oauthConsent: tables.oauthConsents,
  oauthClientAssertion: tables.oauthClientAssertions,
};

const ID_PREFIXES: Record<keyof typeof SCHEMA, IdPrefix> = {
  user: 'usr',
  // `ses` is a session of listening.
  session: 'sgn',
  account: 'crd',
  verification: 'vrf',
  twoFactor: 'tfa',
  passkey: 'psk',
  jwks: 'jwk',
  oauthClient: 'ocl',
  oauthResource: 'ors',
  oauthClientResource: 'ocr',
  oauthRefreshToken: 'ort',
  oauthAccessToken: 'oat',
  oauthConsent: 'oco',
  oauthClientAssertion: 'oca',
};

/** Endpoints of better-auth that ours stand in for, because they answer with tokens or skip our rules. */
const REPLACED = [
  '/update-user',
  '/update-session',
  '/list-sessions',
  '/revoke-session',
  '/revoke-sessions',
  '/revoke-other-sessions',
  '/delete-user',
  '/delete-user/callback',
  '/error',
  '/ok',
  ...REPLACED_OAUTH,
];

/** Messages may quote addresses and queries with their values: what goes to the log is what precedes them. */
function logOf(level: string, message: unknown, ...rest: unknown[]): void {
  if (level !== 'error') return;
  const [detail] = rest.filter((value) => value instanceof Error);
  logError('accounts', detail ?? String(message).split(':')[0], { message: String(message).split(':')[0] });
}

/** Returns the options; apart, so that plugins can be added to them and tests can look at them. */
export function authOptions(parts: AuthParts) {
  const { isProduction, hasher } = parts;
  const flows = authFlows(parts);
  return {
    appName: 'Melro',
    basePath: AUTH_PATH,
    // Without one better-auth takes the origin of each request, which is what `npm start` on any port needs.
    ...(isProduction ? { baseURL: parts.publicOrigin, trustedOrigins: [parts.publicOrigin] } : {}),
    secrets: signingSecrets(parts.secrets),
    database: withHashedSessions(
      withSealedTokens(drizzleAdapter(parts.db, { provider: 'sqlite', schema: SCHEMA }), parts.secrets),
    ),
    // Where a provider's callback leads that cannot tell by its state where it was to lead.
    onAPIError: { errorURL: SIGN_IN_PAGE },
    account: {
      accountLinking: {
        // Nobody is believed about an address that they have not checked, nor on one that is not confirmed here.
        trustedProviders: [],
        requireLocalEmailVerified: true,
        // Who is signed in may connect what they like: that is no merging by address.
        allowDifferentEmails: true,
        // What is left must open the account: see factor-rules.ts, which counts passkeys too.
        allowUnlinkingAll: true,
      },
    },
    disabledPaths: [...REPLACED, ...REFUSED_FACTOR_PATHS],
    plugins: [...factorPlugins(parts), ...tokenPlugins(parts), replacedSession()],
    telemetry: { enabled: false },
    // At `error` better-auth also prints what it refuses, addresses and all, past the function given here.
    logger: { level: 'info', log: logOf },
    // Ours counts where no restart forgets: see platform/limits.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      // In production this also makes sign-up answer the same for an address that has an account already.
      requireEmailVerification: isProduction,
      minPasswordLength: PASSWORD_MIN_LENGTH,
      // Our rule counts characters; better-auth counts UTF-16 units, of which a character has up to two.
      maxPasswordLength: 2 * PASSWORD_MAX_LENGTH,
      password: { hash: hasher.hash, verify: ({ hash, password }) => hasher.verify(hash, password) },
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      revokeSessionsOnPasswordReset: true,
      ...flows.emailAndPassword,
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: isProduction,
      expiresIn: VERIFICATION_SECONDS,
      ...flows.emailVerification,
    },
    user: {
      validateUserInfo: validateUserInfo(parts),
      changeEmail: { enabled: true },
      additionalFields: {
        handle: { type: 'string', required: true, unique: true },
        locale: { type: 'string', required: false, defaultValue: 'en' },
        role: { type: 'string', required: false, defaultValue: 'listener', input: false },
      },
    },
    session: {
      expiresIn: ABSOLUTE_SECONDS,
      freshAge: FRESH_SECONDS,
      // Our resolver moves the idle end, on every kind of request.
      disableSessionRefresh: true,
      additionalFields: {
        isRemembered: { type: 'boolean', required: false, defaultValue: false, input: false },
        city: { type: 'string', required: false, input: false },
        country: { type: 'string', required: false, input: false },
      },
    },
    // Identifiers hold tokens of links.
    verification: { storeIdentifier: 'hashed' },
    hooks: flows.hooks,
    databaseHooks: flows.databaseHooks,
    advanced: {
      cookiePrefix: cookiePrefix(isProduction),
      // `__Host-` instead of the `__Secure-` that this would put in front.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isProduction, httpOnly: true, sameSite: 'lax', path: '/' },
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] },
      backgroundTasks: { handler: parts.runAfterAnswer },
      database: {
        generateId: ({ model }) => newId(ID_PREFIXES[model as keyof typeof SCHEMA]),
      },
    },
  } satisfies BetterAuthOptions;
}

/** What of better-auth the rest of the Worker needs. */
export interface Auth {
  handle(request: Request): Promise<Response>;
  /** Returns the pattern of the endpoint at a path, for logs; addresses may hold tokens. */
  patternOf(path: string): string;
}

/** Returns better-auth as it is set up here. */
export function createAuth(parts: AuthParts): Auth {
  let auth = betterAuth(authOptions(parts));
  const patterns = Object.values(auth.api as Record<string, { path?: string }>)
    .flatMap(({ path }) => (path === undefined ? [] : [path]))
    .map((path) => ({ path, test: new RegExp(`^${AUTH_PATH}${path.replace(/:\w+/g, '[^/]+')}$`) }));

  async function handle(request: Request): Promise<Response> {
    const current = auth;
    try {
      await current.$context;
    } catch (error) {
      // Its plugins look into the database once, at first use; where that failed, the next request tries again.
      if (auth === current) auth = betterAuth(authOptions(parts));
      throw error;
    }
    return current.handler(request);
  }

  const token = tokenEndpoint({
    handle,
    store: parts.oauth,
    tellOfReuse: (row, request) => tellOfReuse(parts, row, request),
  });
  return {
    handle: (request) =>
      new URL(request.url).pathname === `${AUTH_PATH}/oauth2/token` ? token(request) : handle(request),
    patternOf: (path) => {
      const found = patterns.find(({ test }) => test.test(path));
      return `${AUTH_PATH}${found?.path ?? '/*'}`;
    },
  };
}
