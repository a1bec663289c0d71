import { SEND_TIMEOUT_MS } from '../policy.ts';
import { type MailTransport, type OutgoingMail, type SendOutcome, withoutAddresses } from '../transport.ts';

/** How to reach a provider that speaks Mailgun's messages API. */
export interface MailgunOptions {
  from: { name: string; address: string };
  /** The address that messages are posted to. */
  url: string;
  key: string;
  isTracking: boolean;
  timeoutMs?: number;
}

/** Answers that are about the message itself. All others, a wrong key included, may be mended while we wait. */
const MESSAGE_AT_FAULT = new Set([400, 413, 422]);

function formOf(mail: OutgoingMail, { from, isTracking }: MailgunOptions): FormData {
  const form = new FormData();
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const fields: Record<string, string> = {
    from: `${from.name} <${from.address}>`,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    // Mailgun has no idempotency; with one Message-Id receivers can at least tell that two copies are one message.
    'h:Message-Id': `<${mail.mailId}@${domain}>`,
    'h:Auto-Submitted': 'auto-generated',
    'h:Content-Language': mail.locale,
    // Overrides what the domain is set to; left out, the operator's settings at the provider decide.
    ...(isTracking ? {} : { 'o:tracking': 'no' }),
  };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

/** Returns the wait that a Retry-After header asks for (RFC 9110, 10.2.3), in seconds; null where it asks for none. */
export function retryAfterSeconds(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  // Dates begin with the day's name; engines read dates into much that is none.
  const untilMs = /^[A-Z][a-z]{2},/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(untilMs) ? null : Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
}

async function wordsOf(response: Response): Promise<string> {
  const text = (await response.text().catch(() => '')).slice(0, 2000);
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? withoutAddresses(message) : '';
  } catch {
    return withoutAddresses(text);
  }
}

async function providerIdOf(response: Response): Promise<string | null> {
  const answer = (await response.json().catch(() => null)) as { id?: unknown } | null;
  return typeof answer?.id === 'string' ? answer.id.slice(0, 200) : null;
}

async function judge(response: Response): Promise<SendOutcome> {
  if (response.ok) return { outcome: 'accepted', providerId: await providerIdOf(response) };
  const reason = `the provider answered ${response.status} ${await wordsOf(response)}`.trim();
  if (MESSAGE_AT_FAULT.has(response.status)) return { outcome: 'refused', reason };
  const wait = retryAfterSeconds(response.headers.get('retry-after'), Date.now());
  return { outcome: 'deferred', reason, retryAfterSeconds: wait };
}

/** Returns the transport over an HTTP provider with Mailgun's API (POST /v3/{domain}/messages). */
export function mailgunTransport(options: MailgunOptions): MailTransport {
  return {
    keepsMessages: false,
    send: async (mail) => {
      try {
        const response = await fetch(options.url, {
          method: 'POST',
          headers: {
            authorization: `Basic ${btoa(`api:${options.key}`)}`,
            // Mailgun ignores it; compatible providers that know it send a repeated message once.
            'idempotency-key': mail.mailId,
          },
          body: formOf(mail, options),
          // The key is for this address and no other.
          redirect: 'manual',
          signal: AbortSignal.timeout(options.timeoutMs ?? SEND_TIMEOUT_MS),
        });
        return await judge(response);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return {
          outcome: 'deferred',
          reason: `the provider could not be reached: ${withoutAddresses(reason)}`,
          retryAfterSeconds: null,
        };
      }
    },
  };
}
