import type { z } from 'zod';
import type { Locale } from '../../platform/locale.ts';
import {
  changeEmailConfirm,
  emailChangedNotice,
  existingAccountNotice,
  verifyEmail,
} from './templates/addresses.ts';
import { accountDeleted, accountDeletionRequested, exportReady } from './templates/data.ts';
import { emailCode, passwordChanged, resetPassword } from './templates/passwords.ts';
import {
  newSignIn,
  passkeyAdded,
  refreshReuse,
  suspiciousSignIn,
  twoFactorChanged,
} from './templates/security.ts';

/** Every message that Melro sends: a closed list. */
export const TEMPLATES = {
  verify_email: verifyEmail,
  existing_account_notice: existingAccountNotice,
  reset_password: resetPassword,
  password_changed: passwordChanged,
  change_email_confirm: changeEmailConfirm,
  email_changed_notice: emailChangedNotice,
  two_factor_changed: twoFactorChanged,
  passkey_added: passkeyAdded,
  new_sign_in: newSignIn,
  suspicious_sign_in: suspiciousSignIn,
  refresh_reuse: refreshReuse,
  email_code: emailCode,
  account_deletion_requested: accountDeletionRequested,
  account_deleted: accountDeleted,
  export_ready: exportReady,
} as const;

export type TemplateName = keyof typeof TEMPLATES;

/** What to write, and to whom. */
export type MailRequest = {
  [Name in TemplateName]: {
    /** One email address, without a name. */
    to: string;
    template: Name;
    locale: Locale;
    data: z.input<(typeof TEMPLATES)[Name]['data']>;
    /** The same key twice is one message; without one every call is a message of its own. */
    idempotencyKey?: string;
  };
}[TemplateName];
