import type { GenericEndpointContext } from '@better-auth/core';
import { APIError } from 'better-auth/api';
import type { RecordSecurityEvent } from '../../../platform/security-events.ts';
import { localeOf, occasionOf } from '../people.ts';
import type { SendMail } from '../ports.ts';
import type { AccountStore } from '../store.ts';

/** What is done about second factors that were wrong. */
export interface FailedFactors {
  /** Remembers whose sign-in this request wants to finish; afterwards it may be gone. */
  expect(ctx: GenericEndpointContext, userId: string): void;
  /** Records a wrong second factor. Whoever shows one knows the password, so in the end its owner is told. */
  follow(ctx: GenericEndpointContext, returned: unknown): Promise<void>;
}

const WRONG = new Set(['INVALID_CODE', 'INVALID_BACKUP_CODE']);

/** Returns what follows wrong second factors of half-finished sign-ins. */
export function failedFactors(parts: {
  store: AccountStore;
  sendMail: SendMail;
  record: RecordSecurityEvent;
}): FailedFactors {
  const { store, sendMail, record } = parts;
  const expected = new WeakMap<Request, string>();
  return {
    expect: ({ request }, userId) => {
      if (request !== undefined) expected.set(request, userId);
    },
    follow: async ({ request }, returned) => {
      if (request === undefined || !(returned instanceof APIError)) return;
      const userId = expected.get(request);
      if (userId === undefined) return;
      const code = String(returned.body?.code);
      if (WRONG.has(code)) {
        await record({ event: 'second_factor_failed', actorId: null, subjectId: userId, request });
      }
      // All guesses of this sign-in are spent.
      if (code !== 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE') return;
      const user = await store.findUser(userId);
      if (user === null) return;
      await sendMail({
        to: user.email,
        locale: localeOf(user),
        template: 'suspicious_sign_in',
        data: { name: user.name, ...occasionOf(request) },
      });
    },
  };
}
