import { normalizeHandle } from '../features/accounts/handles.ts';
import type { AccountStore } from '../features/accounts/store.ts';
import type { AuditDeps } from '../features/audit/routes.ts';

/** Returns what the audit log asks of accounts. */
export function peopleOfAudit(store: AccountStore): AuditDeps['people'] {
  return {
    findIdByHandle: async (handle) => (await store.findByHandle(normalizeHandle(handle)))?.id ?? null,
    handlesOf: (ids) => store.handlesOf(ids),
  };
}
