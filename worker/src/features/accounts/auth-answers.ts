import { type ErrorCode, ProblemError } from '../../platform/errors.ts';

/** better-auth's codes and ours. What is not named goes by its status. */
const CODES: Record<string, ErrorCode> = {
  INVALID_EMAIL_OR_PASSWORD: 'invalid_credentials',
  INVALID_PASSWORD: 'invalid_credentials',
  EMAIL_NOT_VERIFIED: 'email_not_verified',
  INVALID_TOKEN: 'token_invalid',
  USER_NOT_FOUND: 'token_invalid',
  INVALID_USER: 'token_invalid',
  TOKEN_EXPIRED: 'token_expired',
  PASSWORD_TOO_SHORT: 'password_too_weak',
  PASSWORD_TOO_LONG: 'password_too_weak',
  PASSWORD_TOO_WEAK: 'password_too_weak',
  HANDLE_NOT_ALLOWED: 'handle_not_allowed',
  HANDLE_TAKEN: 'handle_taken',
  // The address was looked up just before: what was taken in between is the handle.
  FAILED_TO_CREATE_USER: 'handle_taken',
  USER_ALREADY_EXISTS: 'email_taken',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'email_taken',
  SESSION_NOT_FRESH: 'recent_sign_in_required',
  SESSION_EXPIRED: 'recent_sign_in_required',
  INVALID_CODE: 'code_refused',
  INVALID_BACKUP_CODE: 'code_refused',
  INVALID_TWO_FACTOR_COOKIE: 'sign_in_expired',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'sign_in_expired',
  TOTP_ALREADY_ENABLED: 'factor_conflict',
  TOTP_NOT_ENABLED: 'factor_conflict',
  TWO_FACTOR_NOT_ENABLED: 'factor_conflict',
  BACKUP_CODES_NOT_ENABLED: 'factor_conflict',
  TOO_MANY_PASSKEYS: 'factor_conflict',
  NO_PASSKEY: 'factor_conflict',
  STRONGER_PROOF_AVAILABLE: 'factor_conflict',
  SIGN_UP_CLOSED: 'sign_up_closed',
  PROVIDER_UNAVAILABLE: 'unavailable',
  LAST_CREDENTIAL: 'last_credential',
  CHALLENGE_NOT_FOUND: 'passkey_refused',
  AUTHENTICATION_FAILED: 'passkey_refused',
  PASSKEY_NOT_FOUND: 'passkey_refused',
  USER_NOT_VERIFIED: 'passkey_refused',
  FAILED_TO_VERIFY_REGISTRATION: 'passkey_refused',
  YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY: 'passkey_refused',
  INVALID_ORIGIN: 'cross_origin_refused',
  MISSING_OR_NULL_ORIGIN: 'cross_origin_refused',
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: 'cross_origin_refused',
};

const BY_STATUS: Record<number, ErrorCode> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};

/** What is answered whether the password was wrong, the address unknown or not confirmed yet: see docs/decisions. */
const GENERIC_REFUSAL =
  'The email address or the password is wrong, or the address is not confirmed yet: then a new link is in your mail.';

interface Said {
  code?: unknown;
  message?: unknown;
}

async function said(response: Response): Promise<Said> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === 'object' && body !== null ? body : {};
}

/** Returns the error of the closed list that better-auth's answer means. */
export async function problemOf(response: Response, isProduction: boolean): Promise<ProblemError> {
  const { code, message } = await said(response);
  const authCode = typeof code === 'string' ? code : undefined;
  const fallback = response.status >= 500 ? 'internal_error' : 'validation_failed';
  const ours = CODES[authCode ?? ''] ?? BY_STATUS[response.status] ?? fallback;
  if (isProduction && (ours === 'invalid_credentials' || ours === 'email_not_verified')) {
    if (authCode !== 'INVALID_PASSWORD') return new ProblemError('invalid_credentials', GENERIC_REFUSAL);
  }
  if (ours === 'internal_error')
    return new ProblemError(ours, 'The request could not be finished. Please try again.');
  const detail = typeof message === 'string' && message !== '' ? message : 'The request is not valid.';
  return new ProblemError(ours, detail, authCode === undefined ? {} : { authCode });
}

/** Takes session tokens out of an answer: they travel in the HttpOnly cookie, where no script can read them. */
export async function withoutTokens(response: Response): Promise<Response> {
  // Redirects and removals say they are JSON, and are empty.
  if (!response.ok || !response.headers.get('content-type')?.startsWith('application/json')) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  headers.set('cache-control', 'no-store');
  return new Response(text === '' ? '' : JSON.stringify(stripped(JSON.parse(text))), {
    status: response.status,
    headers,
  });
}

function stripped(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  // A plugin's own tokens, such as an access JWT, come without the person: those are meant to be read.
  if (!('user' in body)) return body;
  const { token: _token, ...rest } = body as Record<string, unknown>;
  const { session } = rest;
  if (typeof session !== 'object' || session === null) return rest;
  const { token: _sessionToken, ...publicSession } = session as Record<string, unknown>;
  return { ...rest, session: publicSession };
}
