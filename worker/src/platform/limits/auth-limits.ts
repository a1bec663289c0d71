import type { Context, MiddlewareHandler } from 'hono';
import type { AppContext } from '../app-context.ts';
import { cookieValue } from '../cookie-value.ts';
import { readFormCopy } from '../form.ts';
import { logError } from '../log.ts';
import { accountKey, addressKey } from './keys.ts';
import { limitRequest } from './limit-request.ts';
import type { PolicyName } from './policies.ts';

/** What a request names the account by: an address in its form, or the cookie of whoever has signed in, or half so. */
type AccountName = 'email' | 'newEmail' | 'half sign-in' | 'session';

interface AccountLimit {
  policy: PolicyName;
  by: AccountName;
}

interface AuthLimit {
  address: PolicyName;
  accounts?: readonly AccountLimit[];
}

const GUESS_PASSWORD: AuthLimit = {
  address: 'sign-in',
  accounts: [{ policy: 'sign-in-account', by: 'email' }],
};
const GUESS_CODE: AuthLimit = {
  address: 'codes',
  // With a session it is the first code of an app that is being set up.
  accounts: [
    { policy: 'codes-account', by: 'half sign-in' },
    { policy: 'codes-account', by: 'session' },
  ],
};
const GUESS_EMAIL_CODE: AuthLimit = {
  address: 'codes',
  accounts: [{ policy: 'codes-account', by: 'email' }],
};
const CONFIRM_PASSWORD: AuthLimit = {
  address: 'sign-in',
  accounts: [{ policy: 'codes-account', by: 'session' }],
};
const MAIL_OF_SESSION: AuthLimit = {
  address: 'mail',
  accounts: [
    { policy: 'mail-account', by: 'session' },
    { policy: 'mail-account', by: 'newEmail' },
  ],
};
const SEND_MAIL: AuthLimit = { address: 'mail', accounts: [{ policy: 'mail-account', by: 'email' }] };

/** What limits state-changing requests below /api/auth; the first that fits. A path ending in `/` stands for all below. */
const AUTH_LIMITS: readonly (readonly [path: string, limit: AuthLimit])[] = [
  ['/sign-in/', GUESS_PASSWORD],
  // Signing up writes to the address, also where it has an account.
  ['/sign-up/', { address: 'sign-up', accounts: [{ policy: 'mail-account', by: 'email' }] }],
  ['/two-factor/send-otp', { address: 'mail', accounts: [{ policy: 'mail-account', by: 'half sign-in' }] }],
  ['/two-factor/verify-', GUESS_CODE],
  ['/two-factor/', CONFIRM_PASSWORD],
  ['/email-otp/send-', SEND_MAIL],
  ['/email-otp/request-', SEND_MAIL],
  ['/email-otp/', GUESS_EMAIL_CODE],
  ['/request-password-reset', SEND_MAIL],
  ['/forget-password', SEND_MAIL],
  ['/send-verification-email', SEND_MAIL],
  ['/change-email', MAIL_OF_SESSION],
  ['/reauthenticate/send-code', MAIL_OF_SESSION],
  ['/reauthenticate', CONFIRM_PASSWORD],
  ['/reset-password', { address: 'codes' }],
  ['/change-password', CONFIRM_PASSWORD],
  ['/verify-password', CONFIRM_PASSWORD],
  ['/delete-user', CONFIRM_PASSWORD],
  ['/passkey/', { address: 'sign-in' }],
  ['/oauth2/register', { address: 'sign-up' }],
  ['/oauth2/create-client', { address: 'sign-up' }],
  ['/oauth2/', { address: 'tokens' }],
  ['/token', { address: 'tokens' }],
];

/** Where somebody shows all that it takes to be signed in, by which their device becomes known. */
const SIGN_INS = new Set([
  '/sign-in/email',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/passkey/verify-authentication',
]);

const OTHERS: AuthLimit = { address: 'auth' };
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

function limitOf(path: string): AuthLimit {
  const found = AUTH_LIMITS.find(([start]) =>
    /[/-]$/.test(start) ? path.startsWith(start) : path === start || path.startsWith(`${start}/`),
  );
  return found?.[1] ?? OTHERS;
}

/**
 * Returns what a half-finished sign-in is called: the cookie's value without its signature, as who verifies it reads
 * it. Any other reading would let one cookie pass under many names, each with guesses of its own.
 */
function halfSignIn(c: Context<AppContext>): string | null {
  const name = c.env.ENVIRONMENT === 'production' ? '__Host-melro.two_factor' : 'melro.two_factor';
  const quoted = cookieValue(c.req.header('cookie') ?? '', name);
  if (quoted === undefined) return null;
  const value = decoded(quoted.startsWith('"') ? quoted.slice(1, -1) : quoted);
  return value.slice(0, Math.max(0, value.lastIndexOf('.'))) || null;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

async function accountOf(c: Context<AppContext>, by: AccountName): Promise<string | null> {
  if (by === 'half sign-in') return halfSignIn(c);
  if (by === 'session') {
    // By who it is and not by the cookie: signing in again must not buy new guesses.
    const principal = await c.var.resolvePrincipal(c.req.raw);
    return principal === null || principal.sessionId === null ? null : principal.id;
  }
  const form = await readFormCopy(c.req.raw);
  const email: unknown = form !== null && typeof form === 'object' ? Reflect.get(form, by) : null;
  return typeof email === 'string' && email !== '' ? email : null;
}

/** Whose sign-in an answer finishes: null where it proves nothing, as half a sign-in does. */
async function provenBy(response: Response): Promise<{ email: string | null } | null> {
  if (!response.ok) return null;
  if (!response.headers.get('content-type')?.includes('json')) return { email: null };
  const answer = (await response
    .clone()
    .json()
    .catch(() => null)) as { twoFactorRedirect?: unknown; user?: { email?: unknown } } | null;
  if (answer?.twoFactorRedirect === true) return null;
  const email = answer?.user?.email;
  return { email: typeof email === 'string' ? email : null };
}

/** Guesses at an account, or those of a device that it knows, which strangers do not use up. */
async function guessesAt(c: Context<AppContext>, account: string): Promise<[PolicyName, string]> {
  const device = await c.var.limits.devices.find(c.req.raw, account);
  return device === null ? ['sign-in-account', account] : ['sign-in-device', `${account}:${device}`];
}

/**
 * Returns the middleware that limits what is posted below /api/auth, whose routes are not ours to define:
 * by where it comes from, and by the account it is about, so that a guess spread over the world is slowed too.
 */
export function authLimits(): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    if (SAFE_METHODS.has(c.req.method)) return next();
    const { limits } = c.var;
    const path = c.req.path.slice('/api/auth'.length);
    const { address, accounts = [] } = limitOf(path);
    await limitRequest(c, address, addressKey(c.req.raw));
    const guesses: [policy: PolicyName, key: string][] = [];
    for (const { policy: wanted, by } of accounts) {
      const name = await accountOf(c, by);
      if (name === null) continue;
      const account = await accountKey(name);
      const [policy, key] = wanted === 'sign-in-account' ? await guessesAt(c, account) : [wanted, account];
      await limitRequest(c, policy, key);
      if (limits.policy(policy).backOff !== undefined) guesses.push([policy, key]);
    }
    await next();
    const isSignIn = SIGN_INS.has(path);
    const proof = guesses.length === 0 && !isSignIn ? null : await provenBy(c.res);
    if (proof === null) return;
    if (proof.email !== null) {
      const account = await accountKey(proof.email);
      // The password that came before the code counted as an attempt, for it had proven nothing yet.
      const [policy, key] = await guessesAt(c, account);
      if (guesses.length > 0 && !guesses.some((guess) => guess[1] === key)) guesses.push([policy, key]);
      if (isSignIn) {
        const cookie = await limits.devices.remember(c.req.raw, account);
        c.header('set-cookie', cookie, { append: true });
      }
    }
    for (const [policy, key] of guesses) {
      await limits.forgive(policy, key).catch((error: unknown) => {
        logError('limiter', error, { policy, requestId: c.var.requestId });
      });
    }
  };
}
