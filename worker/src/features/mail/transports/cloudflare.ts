import type { MailTransport, SendOutcome } from '../transport.ts';

/**
 * Codes that are about this message, from Cloudflare's list for the Workers binding. Not among them: limits,
 * faults of the service, and a sender that is not verified yet, which the operator can mend.
 */
const MESSAGE_AT_FAULT = new Set([
  'E_VALIDATION_ERROR',
  'E_FIELD_MISSING',
  'E_TOO_MANY_RECIPIENTS',
  'E_RECIPIENT_NOT_ALLOWED',
  'E_RECIPIENT_SUPPRESSED',
  'E_CONTENT_TOO_LARGE',
  'E_HEADER_NOT_ALLOWED',
  'E_HEADER_USE_API_FIELD',
  'E_HEADER_VALUE_INVALID',
  'E_HEADER_VALUE_TOO_LONG',
  'E_HEADER_NAME_INVALID',
  'E_HEADERS_TOO_LARGE',
  'E_HEADERS_TOO_MANY',
]);

/** Waits that are longer than ours would be: a day's quota does not come back within a minute. */
const WAIT_SECONDS: Record<string, number> = { E_RATE_LIMIT_EXCEEDED: 60, E_DAILY_LIMIT_EXCEEDED: 3600 };

function judge(error: unknown): SendOutcome {
  // Only the code: the message may repeat the address.
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') {
    return {
      outcome: 'deferred',
      reason: 'the email binding failed without a code',
      retryAfterSeconds: null,
    };
  }
  const reason = `the email binding answered ${code.slice(0, 60)}`;
  if (MESSAGE_AT_FAULT.has(code)) return { outcome: 'refused', reason };
  return { outcome: 'deferred', reason, retryAfterSeconds: WAIT_SECONDS[code] ?? null };
}

/**
 * Returns the transport over Cloudflare's email sending binding. It knows no idempotency and sets its own
 * Message-ID; it records neither opens nor clicks.
 */
export function cloudflareTransport(
  binding: SendEmail,
  from: { name: string; address: string },
): MailTransport {
  return {
    keepsMessages: false,
    send: async ({ mailId, to, subject, text, html, locale }) => {
      try {
        const { messageId } = await binding.send({
          from: { name: from.name, email: from.address },
          to,
          subject,
          text,
          html,
          headers: {
            'Auto-Submitted': 'auto-generated',
            'Content-Language': locale,
            'X-Melro-Message': mailId,
          },
        });
        return { outcome: 'accepted', providerId: messageId };
      } catch (error) {
        return judge(error);
      }
    },
  };
}
