import { z } from 'zod';
import { newId } from '../../platform/ids.ts';
import { logError } from '../../platform/log.ts';
import { renderMail } from './render.ts';
import type { MailStore } from './store.ts';
import { type MailRequest, TEMPLATES } from './templates.ts';

/** What sending mail needs. */
export interface MailDeps {
  store: MailStore;
  /** Links lead there. */
  publicOrigin: string;
  /** Sends the hint that a message waits, to arrive after a delay. */
  sendHint(mailId: string, delaySeconds: number): Promise<void>;
}

/** One bare address: no name, no list, no comment, nothing that could become a second header. */
const recipientSchema = z.email().max(254);

async function sha256Hex(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Writes a message to a person and leaves it to the queue; returns its id once it is sure to be tried.
 * A second call with the same idempotency key writes nothing. Throws ZodError for an address or data that do not
 * fit, before anything is written.
 */
export async function sendMail(deps: MailDeps, request: MailRequest): Promise<{ mailId: string }> {
  const to = recipientSchema.parse(request.to);
  const mail = renderMail(request, deps.publicOrigin);
  const nowMs = Date.now();
  const newMailId = newId('eml', nowMs);
  const { idempotencyKey, template, locale } = request;
  // Hashed, because callers make keys of tokens.
  const dedupeHash = await sha256Hex(
    idempotencyKey === undefined ? newMailId : `${template}\n${idempotencyKey}`,
  );
  const { mailId, isNew } = await deps.store.enqueue({
    mailId: newMailId,
    dedupeHash,
    template,
    locale,
    to,
    mail,
    nowMs,
    uselessAtMs: nowMs + TEMPLATES[template].usefulForSeconds * 1000,
  });
  if (isNew) {
    // The row is there; without the hint the sweep finds it a minute later.
    await deps.sendHint(mailId, 0).catch((error) => logError('mail hint', error, { mailId }));
  }
  return { mailId };
}
