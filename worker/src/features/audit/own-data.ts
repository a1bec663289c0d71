import type { RecordSecurityEvent } from '../../platform/security-events.ts';
import { presentOwn } from './routes.ts';
import type { AuditStore } from './store.ts';

const PAGE = 500;

/** Returns everything that the log knows of somebody's account, the newest first. */
export async function exportEvents(store: AuditStore, userId: string): Promise<unknown[]> {
  const events: unknown[] = [];
  for (let before: number | undefined; ; ) {
    const rows = await store.list({
      subjectId: userId,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    const page = rows.slice(0, PAGE);
    events.push(...page.map((row) => presentOwn(row, userId)));
    if (rows.length <= PAGE) return events;
    before = page.at(-1)?.seq;
  }
}

/**
 * Leaves of somebody no more than that there was an account and that it is deleted; returns whether that is all done.
 * May be cut off anywhere and repeated: the last event, taken out last, says that the deletion is recorded.
 */
export async function eraseEvents(
  { store, record }: { store: AuditStore; record: RecordSecurityEvent },
  userId: string,
): Promise<boolean> {
  const [newest] = await store.list({ subjectId: userId, limit: 1 });
  if (newest !== undefined && newest.event !== 'account_deleted') {
    await record({ event: 'account_deleted', actorId: null, subjectId: userId });
  }
  return (await store.erasePerson(userId, PAGE)) < PAGE;
}
