import { logError, logEvent } from '../../platform/log.ts';
import { exportsPrefix } from '../../platform/r2-keys.ts';
import { deletePrefix } from '../../platform/r2-objects.ts';
import { ERASED_AT_ONCE, SWEEP_LIMIT, UNCONFIRMED_MS } from './policy.ts';
import type { Eraser, People, Person, SendDataMail } from './ports.ts';
import { takeBack } from './run-export.ts';
import type { ExportStore } from './store.ts';

/** What erasing needs. */
export interface EraseDeps {
  people: People;
  /** One for each feature that keeps something of people, in the order in which it must go. */
  erasers: Readonly<Record<string, Eraser>>;
  sendMail: SendDataMail;
  isProduction: boolean;
  log: boolean;
}

/** Removes the copies that somebody had made of their data. */
export async function eraseExports(
  { store, media }: { store: ExportStore; media: R2Bucket },
  userId: string,
): Promise<boolean> {
  const running = await store.latest(userId);
  if (running !== null) await takeBack(media, running);
  await deletePrefix(media, exportsPrefix(userId));
  await store.forgetAll(userId);
  return true;
}

/**
 * Removes everything of a person whose time has come, as much as one sweep may, and returns whether that was all.
 * Their row goes last, so whatever cuts this off, the next sweep finds them again and goes on.
 */
async function erasePerson(deps: EraseDeps, person: Person): Promise<boolean> {
  for (const erase of Object.values(deps.erasers)) if (!(await erase(person))) return false;
  // An address that nobody confirmed may be a stranger's, who never had an account here.
  if (person.emailVerified || !deps.isProduction) {
    await deps.sendMail({
      template: 'account_deleted',
      to: person.email,
      locale: person.locale,
      idempotencyKey: person.id,
      data: { name: person.name },
    });
  }
  await deps.people.erase(person);
  if (deps.log) logEvent('account erased', { userId: person.id });
  return true;
}

/** Erases whose time has come, a few at a time; returns how many are gone. */
export async function sweepPeople(deps: EraseDeps, nowMs: number): Promise<number> {
  const now = new Date(nowMs);
  if (deps.isProduction) {
    await deps.people.giveUpUnconfirmed(new Date(nowMs - UNCONFIRMED_MS), now, SWEEP_LIMIT);
  }
  let count = 0;
  for (const person of await deps.people.due(now, ERASED_AT_ONCE)) {
    try {
      if (await erasePerson(deps, person)) count++;
    } catch (error) {
      // What is in the way of one must not be in the way of all.
      logError('erasing an account', error, { userId: person.id });
    }
  }
  return count;
}
