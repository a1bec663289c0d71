import { addressKey } from '../../platform/limits/keys.ts';
import { logError, logEvent } from '../../platform/log.ts';
import type { RecordSecurityEvent } from '../../platform/security-events.ts';
import type { AuditStore } from './store.ts';

const LONGEST_DEVICE = 200;

/** Returns what appends events to the audit log, and anchors each in the log, which no writer of the database can change. */
export function recorder(store: AuditStore, isLogging: boolean): RecordSecurityEvent {
  return async ({ event, actorId, subjectId, details = {}, request }) => {
    try {
      const sorted = Object.fromEntries(Object.entries(details).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      const { seq, hash } = await store.append({
        atMs: Date.now(),
        event,
        actorId,
        subjectId,
        network: request === undefined ? null : addressKey(request),
        device: request?.headers.get('user-agent')?.slice(0, LONGEST_DEVICE) ?? null,
        details: JSON.stringify(sorted),
      });
      if (isLogging) logEvent('security event', { seq, hash, name: event });
    } catch (error) {
      logError('security event not recorded', error, { name: event, actorId, subjectId });
    }
  };
}
