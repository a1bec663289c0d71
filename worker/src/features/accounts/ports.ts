import type { SQL } from 'drizzle-orm';
import type { Statement } from '../../platform/db.ts';

export const LOCALES = ['en', 'ru'] as const;
export type Locale = (typeof LOCALES)[number];

/** A link that ends; nobody may log its token. */
interface Link {
  name: string;
  token: string;
  expiresInMinutes: number;
}

/** When, from which device and where something was done. */
export interface Occasion {
  atMs: number;
  device: string | null;
  place: string | null;
}

/** What can change in how somebody signs in, as the mail to them says it. */
export type TwoFactorChange =
  | ('enabled' | 'disabled' | 'app_removed' | 'recovery_codes_renewed' | 'recovery_code_used')
  | ('passkey_step_added' | 'passkey_step_removed' | 'last_passkey_removed')
  | ('passkey_removed' | 'provider_linked' | 'provider_unlinked');

/** Every message that accounts send. */
export type AccountMail =
  | { template: 'verify_email' | 'change_email_confirm' | 'reset_password'; data: Link }
  | { template: 'existing_account_notice'; data: { name: string } }
  | { template: 'password_changed'; data: { name: string; isAccessEnded: boolean } & Occasion }
  | { template: 'suspicious_sign_in'; data: { name: string } & Occasion }
  | { template: 'email_changed_notice'; data: { name: string; newEmail: string } & Occasion }
  | { template: 'two_factor_changed'; data: { name: string; change: TwoFactorChange } & Occasion }
  | { template: 'passkey_added'; data: { name: string; passkeyName: string | null } & Occasion }
  | { template: 'refresh_reuse'; data: { name: string; app: string } & Occasion }
  | { template: 'email_code'; data: { name: string; code: string; expiresInMinutes: number } };

/** Hands a message over to be sent; resolves once it cannot be lost. */
export type SendMail = (message: AccountMail & { to: string; locale: Locale }) => Promise<unknown>;

/** Returns the writes that give the first account what was made before there were accounts, while `guard` holds. */
export type AdoptUnowned = (userId: string, guard: SQL) => Statement[];
