import type { SQL } from 'drizzle-orm';
import type { Statement } from '../../platform/db.ts';

export const LOCALES = ['en', 'ru'] as const;
export type Locale = (typeof LOCALES)[number];

/** Every message that accounts send. Tokens are for links; nobody may log them. */
export type AccountMail =
  | { template: 'verify_email'; data: { name: string; token: string } }
  | { template: 'existing_account_notice'; data: { name: string } }
  | { template: 'reset_password'; data: { name: string; token: string } }
  | { template: 'password_changed'; data: { name: string } }
  | { template: 'change_email_confirm'; data: { name: string; token: string } }
  | { template: 'email_changed_notice'; data: { name: string; newEmail: string } };

/** Hands a message over to be sent; resolves once it cannot be lost. */
export type SendMail = (message: AccountMail & { to: string; locale: Locale }) => Promise<void>;

/** Returns the writes that give the first account what was made before there were accounts, while `guard` holds. */
export type AdoptUnowned = (userId: string, guard: SQL) => Statement[];
