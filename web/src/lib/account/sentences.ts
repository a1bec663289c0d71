import type { ApiError } from '$lib/api/api-error.ts';

/** What better-auth and the API refuse, in words that say what to do; what is not here speaks for itself. */
const SENTENCES: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'The email address or the password is wrong.',
  INVALID_PASSWORD: 'This is not your password.',
  INVALID_EMAIL: 'Enter an email address, such as you@example.com.',
  USER_ALREADY_EXISTS: 'This address has an account already. Sign in, or reset its password.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    'This address has an account already. Sign in, or reset its password.',
  INVALID_CODE: 'This code is wrong, too old, or was used. Enter the one your app shows now.',
  INVALID_BACKUP_CODE: 'This recovery code is wrong or was used. Try another one.',
  EMAIL_IS_THE_SAME: 'This is your address already.',
  PASSWORD_TOO_SHORT: 'A password has at least 10 characters.',
  PASSWORD_TOO_LONG: 'A password has at most 128 characters.',
};

const BY_CODE: Record<string, string> = {
  unauthenticated: 'You have been signed out. Sign in again to go on.',
  sign_in_expired: 'This took too long, or too many codes were wrong. Start the sign-in again.',
  passkey_refused: 'This passkey was not accepted. Try again, or use another way.',
  challenge_required: 'We could not make sure that you are a person. Try once more.',
  rate_limited: 'Too many tries in a short time. Wait a minute, then try again.',
};

/** Which field of a form is to blame for an error, by the error's code. */
const FIELDS: Record<string, string[]> = {
  handle_taken: ['handle'],
  handle_not_allowed: ['handle'],
  confirmation_mismatch: ['handle'],
  email_taken: ['email', 'newEmail'],
  password_too_weak: ['newPassword', 'password'],
  INVALID_EMAIL: ['email', 'newEmail'],
  EMAIL_IS_THE_SAME: ['newEmail'],
  INVALID_PASSWORD: ['currentPassword', 'password'],
  code_refused: ['code'],
};

/** Returns what an error says to the person. */
export function sentenceOf(error: ApiError): string {
  return SENTENCES[error.authCode ?? ''] ?? BY_CODE[error.code ?? ''] ?? error.message;
}

/** Returns an error's sentences by the fields of a form; '' is what is about none of them. */
export function sentencesByField(error: ApiError, fields: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { path, message } of error.issues) {
    if (fields.includes(path)) found[path] = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  }
  if (Object.keys(found).length > 0) return found;
  // better-auth names the field in front of the words.
  const [, named = '', words = ''] = /^(\w+): (.+)$/s.exec(error.message) ?? [];
  if (error.code === 'validation_failed' && fields.includes(named)) return { [named]: `${words}.` };
  const blamed = FIELDS[error.authCode ?? ''] ?? FIELDS[error.code ?? ''] ?? [];
  return { [blamed.find((field) => fields.includes(field)) ?? '']: sentenceOf(error) };
}

/** What a provider's way back ended with, in words. */
const PROVIDER_PROBLEMS: Record<string, string> = {
  access_denied: 'You did not let us in there, so nothing has changed.',
  email_not_verified: 'Your address is not confirmed there. Confirm it, then try again.',
  sign_up_closed: 'Nobody can sign up here at the moment.',
  account_not_linked:
    'There is an account with this address already. Sign in to it, then connect the two in the settings.',
  account_already_linked_to_different_user: 'That account is connected to somebody else here.',
};

/** Returns what the `error` of a provider's way back says to the person; null where there is none. */
export function providerProblem(error: string | null): string | null {
  if (error === null) return null;
  return PROVIDER_PROBLEMS[error] ?? 'That did not work. Try again, or sign in another way.';
}
