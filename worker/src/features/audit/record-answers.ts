import type { MiddlewareHandler } from 'hono';
import type { AppContext } from '../../platform/app-context.ts';
import type { Principal } from '../../platform/auth/principal.ts';
import type { Env } from '../../platform/env.ts';
import { readFormCopy } from '../../platform/form.ts';
import type {
  RecordSecurityEvent,
  SecurityDetails,
  SecurityEventName,
} from '../../platform/security-events.ts';

/** Whose account an answer is about: of the session that asked, of who the answer names, or of the form's address. */
type Subject = 'session' | 'answer' | 'form';

/** What an answer of one route means. */
interface Meaning {
  method: string;
  path: RegExp;
  subject: Subject;
  done?: SecurityEventName;
  /** What 401 means: somebody tried and could not. */
  failed?: SecurityEventName;
  details?: SecurityDetails;
}

const post = (
  path: RegExp,
  subject: Subject,
  rest: Omit<Meaning, 'method' | 'path' | 'subject'>,
): Meaning => ({
  method: 'POST',
  path,
  subject,
  ...rest,
});

const PASSWORD = { method: 'password' } as const;

const MEANINGS: readonly Meaning[] = [
  post(/^\/api\/auth\/sign-up\/email$/, 'answer', { done: 'signed_up' }),
  post(/^\/api\/auth\/sign-in\/email$/, 'form', {
    done: 'signed_in',
    failed: 'sign_in_failed',
    details: PASSWORD,
  }),
  post(/^\/api\/auth\/passkey\/verify-authentication$/, 'answer', {
    done: 'signed_in',
    details: { method: 'passkey' },
  }),
  post(/^\/api\/auth\/two-factor\/verify-totp$/, 'answer', {
    done: 'second_factor_passed',
    details: { method: 'totp' },
  }),
  post(/^\/api\/auth\/two-factor\/verify-backup-code$/, 'answer', {
    done: 'second_factor_passed',
    details: { method: 'recovery_code' },
  }),
  post(/^\/api\/auth\/sign-out$/, 'session', { done: 'signed_out' }),
  post(/^\/api\/auth\/change-password$/, 'session', {
    done: 'password_changed',
    failed: 'reauthentication_failed',
  }),
  post(/^\/api\/auth\/reauthenticate$/, 'session', { failed: 'reauthentication_failed' }),
  post(/^\/api\/auth\/two-factor\/enable$/, 'session', { failed: 'reauthentication_failed' }),
  post(/^\/api\/auth\/request-password-reset$/, 'form', { done: 'password_reset_requested' }),
  post(/^\/api\/auth\/change-email$/, 'session', { done: 'email_change_requested' }),
  post(/^\/api\/auth\/two-factor\/disable$/, 'session', {
    done: 'two_factor_disabled',
    failed: 'reauthentication_failed',
  }),
  post(/^\/api\/auth\/two-factor\/enable-passkey$/, 'session', {
    done: 'two_factor_enabled',
    failed: 'reauthentication_failed',
    details: { method: 'passkey' },
  }),
  post(/^\/api\/auth\/two-factor\/disable-passkey$/, 'session', {
    done: 'two_factor_disabled',
    failed: 'reauthentication_failed',
    details: { method: 'passkey' },
  }),
  post(/^\/api\/auth\/two-factor\/generate-backup-codes$/, 'session', {
    done: 'recovery_codes_made',
    failed: 'reauthentication_failed',
  }),
  post(/^\/api\/auth\/passkey\/verify-registration$/, 'session', { done: 'passkey_added' }),
  post(/^\/api\/auth\/passkey\/delete-passkey$/, 'session', { done: 'passkey_removed' }),
  post(/^\/api\/auth\/unlink-account$/, 'session', { done: 'provider_unlinked' }),
  post(/^\/api\/v1\/me\/api-keys$/, 'session', { done: 'api_key_created' }),
  { method: 'DELETE', path: /^\/api\/v1\/me\/api-keys\/[^/]+$/, subject: 'session', done: 'api_key_revoked' },
  { method: 'DELETE', path: /^\/api\/v1\/me\/sessions\/[^/]+$/, subject: 'session', done: 'session_ended' },
  { method: 'DELETE', path: /^\/api\/v1\/me\/sessions$/, subject: 'session', done: 'other_sessions_ended' },
];

/** What this needs of others. */
export interface RecordingDeps {
  record: RecordSecurityEvent;
  /** Returns the id of the account with this address; null where there is none. */
  findAccountId(email: string): Promise<string | null>;
}

function emailIn(form: unknown): string | null {
  const email = form !== null && typeof form === 'object' ? Reflect.get(form, 'email') : null;
  return typeof email === 'string' ? email.trim().toLowerCase() : null;
}

/** Reads of an answer whom it names, and whether it ends in a session or only leads to a second factor. */
async function readAnswer(response: Response): Promise<{ userId: string | null; isHalf: boolean }> {
  const answer = (await response
    .clone()
    .json()
    .catch(() => null)) as { user?: { id?: unknown }; twoFactorRedirect?: unknown } | null;
  const userId = answer?.user?.id;
  return { userId: typeof userId === 'string' ? userId : null, isHalf: answer?.twoFactorRedirect === true };
}

/**
 * Returns the middleware that records what an answer means for somebody's account. It works after the answer has
 * left: an account that exists has more to be written about it, and the time must not tell.
 */
export function recordAnswers(deps: (env: Env) => RecordingDeps): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    const meaning = MEANINGS.find(({ method, path }) => c.req.method === method && path.test(c.req.path));
    if (meaning === undefined) return next();
    const { subject, done, failed, details } = meaning;
    const request = c.req.raw;
    const email = subject === 'session' ? null : emailIn(await readFormCopy(request));
    const isAuth = c.req.path.startsWith('/api/auth/');
    // Asked before, for signing out ends it. Other routes' guards find out by themselves.
    const before: Principal | null =
      subject === 'session' && isAuth ? await c.var.resolvePrincipal(request) : null;
    await next();
    const event = c.res.ok ? done : c.res.status === 401 ? failed : undefined;
    if (event === undefined) return;
    const answer = subject === 'session' ? null : await readAnswer(c.res);
    if (answer?.isHalf) return;
    const sessionOwner = (before ?? c.var.principal)?.id ?? null;
    const { record, findAccountId } = deps(c.env);
    const work = async () => {
      const formOwner = email === null ? null : await findAccountId(email);
      // Sign-up answers the same, with an id that is nobody's, where the address has an account already.
      const named = event === 'signed_up' && answer?.userId !== formOwner ? null : (answer?.userId ?? null);
      const subjectId = { session: sessionOwner, answer: named, form: formOwner }[subject];
      // Tokens of ACCESS_TOKENS have no account that this could be about.
      if (!subjectId?.startsWith('usr_')) return;
      // Who fails to show who they are may be anybody, also with a session.
      const isProven = event === done && (subject !== 'form' || event === 'signed_in');
      await record({
        event,
        actorId: isProven ? subjectId : null,
        subjectId,
        request,
        ...(details && { details }),
      });
    };
    c.executionCtx.waitUntil(work());
  };
}
