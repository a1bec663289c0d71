import { permissionsOf } from '../../platform/auth/permissions.ts';
import type { Principal } from '../../platform/auth/principal.ts';
import type { SessionCookie } from './cookies.ts';
import { isRecent } from './factors/recent-sign-in.ts';
import { principalOf } from './people.ts';
import { hashSessionToken } from './session-policy.ts';
import type { AccountStore } from './store.ts';

/**
 * Returns who is signed in: undefined without a session cookie, null where the cookie is forged, expired or revoked.
 * Costs one indexed read, and a write every quarter of an hour.
 */
export function sessionResolver(store: AccountStore, cookie: SessionCookie) {
  return async (request: Request): Promise<Principal | null | undefined> => {
    const token = await cookie.read(request);
    if (token === undefined || token === null) return token;
    const now = new Date();
    const found = await store.findSession(await hashSessionToken(token), now);
    if (found === null) return null;
    await store.touch(found.session, now);
    return principalOf(found.user, {
      permissions: permissionsOf(found.user.role),
      ambient: true,
      sessionId: found.session.id,
      isRecent: isRecent(found.session, now.getTime()),
    });
  };
}
