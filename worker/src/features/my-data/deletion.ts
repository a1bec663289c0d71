import { ProblemError } from '../../platform/errors.ts';
import type { LinkTokens } from '../../platform/link-tokens.ts';
import { GRACE_MS } from './policy.ts';
import type { People, Person, RecordSecurityEvent, SendDataMail } from './ports.ts';

/** What deleting an account needs. */
export interface DeletionDeps {
  people: People;
  sendMail: SendDataMail;
  links: LinkTokens;
  record: RecordSecurityEvent;
}

/** The kind of link that keeps an account. */
const CANCEL_LINK = 'cancel-deletion';

function normalize(typed: string): string {
  return typed.trim().replace(/^@/, '').toLowerCase();
}

/**
 * Has an account deleted when its grace is over and returns when that is; from now on nobody is signed in to it.
 * Throws `confirmation_mismatch`, `last_admin`.
 */
export async function requestDeletion(
  { people, sendMail, links, record }: DeletionDeps,
  person: Person,
  typedHandle: string,
  request: Request,
): Promise<Date> {
  if (normalize(typedHandle) !== person.handle) {
    throw new ProblemError(
      'confirmation_mismatch',
      'Type your own handle, so that it is sure that you mean it.',
      {
        issues: [{ path: 'handle', message: 'is not your handle' }],
      },
    );
  }
  const now = new Date();
  const deletesAt = await people.requestDeletion(person.id, new Date(now.getTime() + GRACE_MS), now);
  if (deletesAt === null) {
    throw new ProblemError(
      'last_admin',
      'You are the last admin and others have accounts here. Make one of them admin first.',
    );
  }
  const deletedAtMs = deletesAt.getTime();
  const value = `${person.id}.${deletedAtMs}`;
  await sendMail({
    template: 'account_deletion_requested',
    to: person.email,
    locale: person.locale,
    idempotencyKey: value,
    data: { name: person.name, token: `${value}.${await links.sign(CANCEL_LINK, value)}`, deletedAtMs },
  });
  await record({ event: 'deletion_requested', actorId: person.id, subjectId: person.id, request });
  return deletesAt;
}

/** Keeps somebody's account; it may be asked for again. Throws `deletion_begun` where it is too late. */
export async function cancelDeletion(
  { people, record }: Pick<DeletionDeps, 'people' | 'record'>,
  userId: string,
  request: Request,
): Promise<void> {
  if (await people.cancelDeletion(userId, new Date())) {
    await record({ event: 'deletion_cancelled', actorId: userId, subjectId: userId, request });
    return;
  }
  const person = await people.find(userId);
  if (person === null || person.deletesAt !== null) {
    throw new ProblemError('deletion_begun', 'It is too late: the account is being deleted.');
  }
}

/** Keeps the account of whoever got the mail. Throws `token_invalid`, and what `cancelDeletion` throws. */
export async function cancelByLink(deps: DeletionDeps, token: string, request: Request): Promise<void> {
  const [userId = '', deletedAtMs = '', mac = ''] = token.split('.');
  const isOurs = await deps.links.verify(CANCEL_LINK, `${userId}.${deletedAtMs}`, mac);
  const person = isOurs ? await deps.people.find(userId) : null;
  const isFor = person !== null && person.deletesAt?.getTime() === Number(deletedAtMs);
  // Also the link of an earlier request: it must not undo a later one.
  if (!isOurs || (person !== null && person.deletesAt !== null && !isFor)) {
    throw new ProblemError('token_invalid', 'This link is not valid, or not any more.');
  }
  await cancelDeletion(deps, userId, request);
}
