import { logError, logEvent } from '../../platform/log.ts';
import { backoffSeconds, EARLY_MS, LEASE_MS, MAX_FAULTS } from './policy.ts';
import type { MailClaim, MailRow, MailStore } from './store.ts';
import type { MailTransport, SendOutcome } from './transport.ts';

/** What delivering needs. */
export interface DeliverDeps {
  store: MailStore;
  transport: MailTransport;
  sendHint(mailId: string, delaySeconds: number): Promise<void>;
  log: boolean;
}

export const TOO_LATE = 'it would have come too late to be of use';

/**
 * Sends one message if it waits to be sent and its time has come; otherwise does nothing, so that any hint may
 * come twice, early, late or never. Ends sent, failed, or back in the queue with a new hint.
 *
 * Towards the provider this is at-least-once: who dies between the provider's yes and the row's `sent` leaves a
 * claim that lapses, and the message goes out again, under the same id.
 */
export async function deliverMail(deps: DeliverDeps, mailId: string): Promise<void> {
  const nowMs = Date.now();
  const row = await deps.store.find(mailId);
  if (row?.state !== 'queued' || row.dueAtMs > nowMs + EARLY_MS) return;
  const claim = await deps.store.claim(row, nowMs, LEASE_MS);
  if (claim === null) return;
  const outcome = await attempt(deps.transport, row, nowMs);
  await conclude(deps, claim, outcome);
}

function attempt(transport: MailTransport, row: MailRow, nowMs: number): Promise<SendOutcome> | SendOutcome {
  const { id: mailId, recipient, subject, textBody, htmlBody, locale } = row;
  if (row.uselessAtMs <= nowMs) return { outcome: 'refused', reason: TOO_LATE };
  if (recipient === null || subject === null || textBody === null || htmlBody === null) {
    return { outcome: 'refused', reason: 'there is nothing left of it' };
  }
  return transport.send({ mailId, to: recipient, subject, text: textBody, html: htmlBody, locale });
}

async function conclude(deps: DeliverDeps, claim: MailClaim, outcome: SendOutcome): Promise<void> {
  const { store, transport } = deps;
  switch (outcome.outcome) {
    case 'accepted': {
      const finish = () => store.markSent(claim, outcome.providerId, Date.now(), transport.keepsMessages);
      // It is out: a database that hiccups now would have it sent twice.
      await finish().catch(finish).catch(finish);
      return report(deps, claim, 'sent');
    }
    case 'refused':
      return fail(deps, claim, outcome.reason);
    case 'deferred': {
      const faults = claim.faultCount + 1;
      if (faults >= MAX_FAULTS) return fail(deps, claim, outcome.reason);
      const delaySeconds = backoffSeconds(faults, outcome.retryAfterSeconds);
      const released = await store.release(claim, outcome.reason, Date.now() + delaySeconds * 1000);
      report(deps, claim, 'deferred', outcome.reason);
      if (released) await deps.sendHint(claim.mailId, delaySeconds);
    }
  }
}

async function fail(deps: DeliverDeps, claim: MailClaim, reason: string): Promise<void> {
  const failed = await deps.store.markFailed(claim, reason, Date.now(), deps.transport.keepsMessages);
  if (!failed) return;
  // An error whatever the log level: somebody waits for a message that does not come.
  logError('mail failed', reason, { mailId: claim.mailId, template: claim.template, attempt: claim.attempt });
}

function report({ log }: DeliverDeps, claim: MailClaim, outcome: string, reason?: string): void {
  if (!log) return;
  const { mailId, template, attempt } = claim;
  logEvent('mail', { mailId, template, attempt, outcome, ...(reason === undefined ? {} : { reason }) });
}
