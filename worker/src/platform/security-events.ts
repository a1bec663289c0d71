/** The closed list of what the audit log knows; a name never changes its meaning, for it is hashed. */
export const SECURITY_EVENTS = [
  'signed_up',
  'signed_in',
  'sign_in_failed',
  'signed_out',
  'password_changed',
  'password_reset_requested',
  'password_reset',
  'email_verified',
  'email_change_requested',
  'email_changed',
  'two_factor_enabled',
  'two_factor_disabled',
  'recovery_codes_made',
  'second_factor_passed',
  'second_factor_failed',
  'reauthentication_failed',
  'passkey_added',
  'passkey_removed',
  'provider_linked',
  'provider_unlinked',
  'session_ended',
  'other_sessions_ended',
  'role_changed',
  'api_key_created',
  'api_key_revoked',
  'client_registered',
  'client_authorized',
  'client_revoked',
  'client_changed',
  'client_removed',
  'refresh_token_reused',
  'export_requested',
  'deletion_requested',
  'deletion_cancelled',
  'account_deleted',
] as const;
export type SecurityEventName = (typeof SECURITY_EVENTS)[number];

/** The closed list of what may be told beside: ids and names of kinds. There is no place for a secret or an address. */
export interface SecurityDetails {
  method?: 'password' | 'passkey' | 'totp' | 'email_code' | 'recovery_code' | 'provider';
  provider?: string;
  role?: string;
  sessionId?: string;
  keyId?: string;
  clientId?: string;
  scopes?: string;
  count?: number;
}

/** Something that happened to somebody's account. */
export interface SecurityEvent {
  event: SecurityEventName;
  /** Who did it; null where nobody was known. */
  actorId: string | null;
  /** Whose account it is about. */
  subjectId: string | null;
  details?: SecurityDetails;
  /** Where it came from: the network and the device are kept, the address is not. */
  request?: Request;
}

/** Appends to the audit log. Never throws: what cannot be written there is written to the log. */
export type RecordSecurityEvent = (event: SecurityEvent) => Promise<void>;
