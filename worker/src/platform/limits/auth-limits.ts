import type { MiddlewareHandler } from 'hono';
import type { AppContext } from '../app-context.ts';
import { ProblemError } from '../errors.ts';
import { readFormCopy } from '../form.ts';
import { logError } from '../log.ts';
import { accountKey, addressKey } from './keys.ts';
import { limitRequest } from './limit-request.ts';
import type { PolicyName } from './policies.ts';

/** What a request names the account by: the address in its form, or a cookie of whoever has half signed in. */
type AccountName = 'email' | 'two-factor cookie' | 'session cookie';

interface AuthLimit {
  address: PolicyName;
  account?: { policy: PolicyName; by: AccountName };
}

const GUESS_PASSWORD: AuthLimit = {
  address: 'sign-in',
  account: { policy: 'sign-in-account', by: 'email' },
};
const GUESS_CODE: AuthLimit = {
  address: 'codes',
  account: { policy: 'codes-account', by: 'two-factor cookie' },
};
const GUESS_EMAIL_CODE: AuthLimit = {
  address: 'codes',
  account: { policy: 'codes-account', by: 'email' },
};
const CONFIRM_PASSWORD: AuthLimit = {
  address: 'sign-in',
  account: { policy: 'codes-account', by: 'session cookie' },
};
const MAIL_OF_SESSION: AuthLimit = {
  address: 'mail',
  account: { policy: 'mail-account', by: 'session cookie' },
};
const SEND_MAIL: AuthLimit = { address: 'mail', account: { policy: 'mail-account', by: 'email' } };

/** What limits state-changing requests below /api/auth; the first that fits. A path ending in `/` stands for all below. */
const AUTH_LIMITS: readonly (readonly [path: string, limit: AuthLimit])[] = [
  ['/sign-in/', GUESS_PASSWORD],
  ['/sign-up/', { address: 'sign-up' }],
  ['/two-factor/send-otp', { address: 'mail', account: { policy: 'mail-account', by: 'two-factor cookie' } }],
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
  ['/oauth2/', { address: 'tokens' }],
  ['/token', { address: 'tokens' }],
];

const OTHERS: AuthLimit = { address: 'auth' };
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

function limitOf(path: string): AuthLimit {
  const found = AUTH_LIMITS.find(([start]) =>
    /[/-]$/.test(start) ? path.startsWith(start) : path === start || path.startsWith(`${start}/`),
  );
  return found?.[1] ?? OTHERS;
}

/**
 * Returns what a signed cookie of accounts holds, without its signature, the same however it is spelled: else each
 * spelling would have attempts of its own. Throws `validation_failed` for two of them, of which only one can be meant.
 */
function cookieNamed(request: Request, name: string): string | null {
  const values = (request.headers.get('cookie') ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    const [key, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    return key.replace(/^__(?:Host|Secure)-/, '') === `melro.${name}` && value !== '' ? [value] : [];
  });
  if (values.length > 1) throw new ProblemError('validation_failed', 'Send each cookie once.');
  const value = values[0]?.replace(/^"(.*)"$/, '$1') ?? '';
  try {
    return decodeURIComponent(value).replace(/\.[^.]*$/, '') || null;
  } catch {
    return value;
  }
}

async function accountOf(request: Request, by: AccountName): Promise<string | null> {
  if (by === 'two-factor cookie') return cookieNamed(request, 'two_factor');
  if (by === 'session cookie') return cookieNamed(request, 'session_token');
  const form = await readFormCopy(request);
  const email = form !== null && typeof form === 'object' ? Reflect.get(form, 'email') : null;
  return typeof email === 'string' && email !== '' ? email : null;
}

/** True where an answer says that somebody proved who they are; half a sign-in proves nothing yet. */
async function isProof(response: Response): Promise<boolean> {
  if (!response.ok) return false;
  if (!response.headers.get('content-type')?.includes('json')) return true;
  return !(await response.clone().text()).includes('"twoFactorRedirect":true');
}

/**
 * Returns the middleware that limits what is posted below /api/auth, whose routes are not ours to define:
 * by where it comes from, and by the account it is about, so that a guess spread over the world is slowed too.
 */
export function authLimits(): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    if (SAFE_METHODS.has(c.req.method)) return next();
    const { address, account } = limitOf(c.req.path.slice('/api/auth'.length));
    await limitRequest(c, address, addressKey(c.req.raw));
    const name = account === undefined ? null : await accountOf(c.req.raw, account.by);
    if (account === undefined || name === null) return next();
    const key = await accountKey(name);
    await limitRequest(c, account.policy, key);
    await next();
    if (c.var.limits.policy(account.policy).backOff === undefined || !(await isProof(c.res))) return;
    await c.var.limits.forgive(account.policy, key).catch((error: unknown) => {
      logError('limiter', error, { policy: account.policy, requestId: c.var.requestId });
    });
  };
}
