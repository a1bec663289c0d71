/** A message ready to leave. */
export interface OutgoingMail {
  /** Ours; the same on every attempt, so that whoever can tell duplicates apart has something to tell them by. */
  mailId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  locale: string;
}

/**
 * What became of an attempt. `refused` is about this message and for good; `deferred` may go better later,
 * also because the operator mends a setting meanwhile. Reasons name no addresses.
 */
export type SendOutcome =
  | { outcome: 'accepted'; providerId: string | null }
  | { outcome: 'refused'; reason: string }
  | { outcome: 'deferred'; reason: string; retryAfterSeconds: number | null };

/** A way for mail to leave this installation. Never throws. */
export interface MailTransport {
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** True where the message stays readable here because it goes nowhere else. */
  keepsMessages: boolean;
}

/** Returns what a provider said, fit to be stored and logged: short, on one line and without addresses. */
export function withoutAddresses(text: string): string {
  return text
    .replace(/\S+@\S+/g, '[address]')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200);
}
