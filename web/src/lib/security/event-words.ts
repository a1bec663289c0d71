import { deviceOf } from '$lib/settings/device.ts';

/** An event as its owner or an admin sees it, as far as it is put into words. */
export interface EventFacts {
  event: string;
  network: string | null;
  device: string | null;
  details: Readonly<Record<string, string | number>>;
}

const WORDS: Record<string, string> = {
  signed_up: 'Account created',
  signed_in: 'Signed in',
  sign_in_failed: 'A sign-in failed',
  signed_out: 'Signed out',
  password_changed: 'Password changed',
  password_reset_requested: 'A link to reset the password was asked for',
  password_reset: 'Password reset by mail',
  email_verified: 'Email address confirmed',
  email_change_requested: 'A new email address was entered',
  email_changed: 'Email address changed',
  two_factor_enabled: 'Two-factor sign-in turned on',
  two_factor_disabled: 'Two-factor sign-in turned off',
  recovery_codes_made: 'New recovery codes made',
  second_factor_passed: 'Second factor confirmed',
  second_factor_failed: 'A second factor was wrong',
  reauthentication_failed: 'A repeated sign-in failed',
  passkey_added: 'Passkey added',
  passkey_removed: 'Passkey removed',
  provider_linked: 'Another account connected',
  provider_unlinked: 'Another account disconnected',
  session_ended: 'A session was ended',
  other_sessions_ended: 'All other sessions were ended',
  role_changed: 'Role changed',
  api_key_created: 'API key created',
  api_key_revoked: 'API key revoked',
  client_registered: 'App registered',
  client_authorized: 'App allowed to act for you',
  client_revoked: 'App’s access ended',
  client_changed: 'App changed',
  client_removed: 'App removed',
  refresh_token_reused: 'An app’s token was used twice, so its access was ended',
  export_requested: 'A copy of the data was asked for',
  deletion_requested: 'The account was to be deleted',
  deletion_cancelled: 'The account is kept after all',
  account_deleted: 'Account deleted',
};

const METHODS: Record<string, string> = {
  password: 'with a password',
  passkey: 'with a passkey',
  totp: 'with a code from an authenticator app',
  email_code: 'with a code by mail',
  recovery_code: 'with a recovery code',
};

/** How providers write themselves. */
const PROVIDERS: Record<string, string> = {
  google: 'Google',
  github: 'GitHub',
  discord: 'Discord',
  oidc: 'OpenID Connect',
};

/** What deserves a second look. */
const ALARMING = new Set([
  'sign_in_failed',
  'second_factor_failed',
  'reauthentication_failed',
  'refresh_token_reused',
]);

function capitalized(word: string | number): string {
  const text = String(word);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns what happened, as a short sentence; a kind that is not known yet is told by its name. */
export function eventWords({ event, details }: EventFacts): string {
  const words = WORDS[event] ?? capitalized(event.replaceAll('_', ' '));
  const { method, provider, role } = details;
  const elsewhere = provider === undefined ? undefined : (PROVIDERS[provider] ?? capitalized(provider));
  if (role !== undefined) return `${words}: ${role}`;
  if (elsewhere !== undefined && event.startsWith('provider_')) return `${words}: ${elsewhere}`;
  if (elsewhere !== undefined || method === 'provider')
    return `${words} with ${elsewhere ?? 'another account'}`;
  const how = method === undefined ? undefined : METHODS[String(method)];
  return how === undefined ? words : `${words} ${how}`;
}

/** Returns from where, in words: "Firefox on Android · 203.0.113.0/24"; empty where nothing is known. */
export function eventOrigin({ device, network }: EventFacts): string {
  return [device === null ? null : deviceOf(device).name, network]
    .filter((part) => part !== null)
    .join(' · ');
}

/** Returns whether an event may be somebody else's doing. */
export function isAlarming({ event }: EventFacts): boolean {
  return ALARMING.has(event);
}
