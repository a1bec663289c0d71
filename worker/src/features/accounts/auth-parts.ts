import type { AuthSecrets } from '../../platform/auth/auth-secrets.ts';
import type { Database } from '../../platform/db.ts';
import type { RecordSecurityEvent } from '../../platform/security-events.ts';
import type { FactorStore } from './factors/factor-store.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { AdoptUnowned, SendMail } from './ports.ts';
import type { Provider } from './providers/provider-profile.ts';
import type { AccountStore } from './store.ts';
import type { OAuthStore } from './tokens/oauth-store.ts';

/** What accounts are built from. */
export interface AuthParts {
  isProduction: boolean;
  /** Where people reach the installation; in development it is wherever they reach it. */
  publicOrigin: string;
  secrets: AuthSecrets;
  db: Database;
  store: AccountStore;
  factors: FactorStore;
  oauth: OAuthStore;
  hasher: PasswordHasher;
  /** Those that this installation has keys of. */
  providers: Provider[];
  isSignUpOpen: boolean;
  sendMail: SendMail;
  adoptUnowned: AdoptUnowned;
  /** For what no answer tells: most events are recorded by what is answered. */
  record: RecordSecurityEvent;
  /** Lets work go on after the answer, so that its time tells nothing about who has an account. */
  runAfterAnswer(work: Promise<unknown>): void;
}
