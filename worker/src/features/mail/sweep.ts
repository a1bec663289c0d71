import { logError } from '../../platform/log.ts';
import { LOST_MESSAGE_MS, MAX_FAULTS, SWEEP_LIMIT } from './policy.ts';
import type { MailStore } from './store.ts';
import type { MailTransport } from './transport.ts';

const SILENT = 'the consumer went silent';

/** What a sweep of mail needs. */
export interface MailSweepDeps {
  store: MailStore;
  transport: Pick<MailTransport, 'keepsMessages'>;
  sendHint(mailId: string, delaySeconds: number): Promise<void>;
}

/** What one sweep of mail did. */
export interface MailSweep {
  lapsedMails: number;
  lostMailMessages: number;
  removedMails: number;
}

/** Puts right what crashes leave behind, and removes rows whose keeping is over. */
export async function sweepMail(deps: MailSweepDeps, nowMs: number): Promise<MailSweep> {
  const lapsedMails = await requeueLapsed(deps, nowMs);
  const lostMailMessages = await resendLost(deps, nowMs);
  const removedMails = await deps.store.purge(nowMs, SWEEP_LIMIT);
  return { lapsedMails, lostMailMessages, removedMails };
}

async function requeueLapsed({ store, transport, sendHint }: MailSweepDeps, nowMs: number): Promise<number> {
  let count = 0;
  for (const row of await store.lapsed(nowMs, SWEEP_LIMIT)) {
    const { id: mailId, template, attempt, faultCount } = row;
    const claim = { mailId, template, attempt, faultCount };
    // A message that takes every consumer down with it must not do so for ever.
    if (faultCount + 1 >= MAX_FAULTS) {
      if (!(await store.markFailed(claim, SILENT, nowMs, transport.keepsMessages))) continue;
      logError('mail failed', SILENT, { mailId, template, attempt });
    } else {
      if (!(await store.release(claim, SILENT, nowMs))) continue;
      await sendHint(mailId, 0);
    }
    count++;
  }
  return count;
}

async function resendLost({ store, sendHint }: MailSweepDeps, nowMs: number): Promise<number> {
  const rows = await store.forgotten(nowMs - LOST_MESSAGE_MS, SWEEP_LIMIT);
  for (const { id } of rows) {
    await sendHint(id, 0);
    await store.touch(id, nowMs);
  }
  return rows.length;
}
