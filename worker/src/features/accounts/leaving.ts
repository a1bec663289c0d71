import type { MiddlewareHandler } from 'hono';
import type { AppContext } from '../../platform/app-context.ts';
import { accountLeaving } from '../../platform/auth/guard.ts';
import type { Database } from '../../platform/db.ts';
import { LeavingStore } from './leaving-store.ts';
import { localeOf } from './people.ts';
import type { AccountStore, UserRow } from './store.ts';

/** What of better-auth gives somebody new ways in, or others a way to their data. */
const CLOSED =
  /^\/api\/auth\/(?:oauth2\/|token$|change-email$|link-social$|two-factor\/enable$|passkey\/(?:generate-register-options|verify-registration)$)/;

/** Returns the middleware that keeps better-auth's endpoints to those too whose account waits to be deleted. */
export function refuseWhileLeaving(): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    if (CLOSED.test(c.req.path)) {
      const principal = await c.var.resolvePrincipal(c.req.raw);
      if (principal?.isLeaving) throw accountLeaving();
    }
    await next();
  };
}

function personOf(row: UserRow) {
  const { id, handle, name, email, emailVerified, deletesAt } = row;
  return { id, handle, name, email, emailVerified, locale: localeOf(row), deletesAt };
}

/** Returns accounts as those see them who help people to leave. */
export function leavingPeople(db: Database, accounts: AccountStore) {
  const store = new LeavingStore(db);
  return {
    find: async (userId: string) => {
      const row = await accounts.findUser(userId);
      return row && personOf(row);
    },
    requestDeletion: store.request.bind(store),
    cancelDeletion: store.cancel.bind(store),
    due: async (now: Date, limit: number) => (await store.due(now, limit)).map(personOf),
    giveUpUnconfirmed: store.giveUpUnconfirmed.bind(store),
    erase: store.erase.bind(store),
  };
}
