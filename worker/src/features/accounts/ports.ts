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

/** Every message that accounts send. */
export type AccountMail =
  | { template: 'verify_email' | 'change_email_confirm' | 'reset_password'; data: Link }
  | { template: 'existing_account_notice'; data: { name: string } }
  | { template: 'password_changed'; data: { name: string } & Occasion }
  | { template: 'email_changed_notice'; data: { name: string; newEmail: string } & Occasion };

/** Hands a message over to be sent; resolves once it cannot be lost. */
export type SendMail = (message: AccountMail & { to: string; locale: Locale }) => Promise<unknown>;

/** Returns the writes that give the first account what was made before there were accounts, while `guard` holds. */
export type AdoptUnowned = (userId: string, guard: SQL) => Statement[];
