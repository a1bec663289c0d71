import type { BetterAuthPlugin } from '@better-auth/core';
import type { AuthParts } from '../auth-parts.ts';
import { factorRules } from './factor-rules.ts';
import { passkeys, relyingPartyId } from './passkeys.ts';
import { reauthentication } from './reauthentication.ts';
import { secondFactor } from './two-factor.ts';

/**
 * Endpoints of better-auth that are not offered: codes by mail would make a second factor of the mailbox that already
 * opens the first, and tokens of providers are nobody's business but ours.
 */
export const REFUSED_FACTOR_PATHS = [
  '/two-factor/send-otp',
  '/two-factor/verify-otp',
  '/get-access-token',
  '/refresh-token',
  '/account-info',
];

/** Returns better-auth's plugins for second factors and passkeys with our rules around them. */
export function factorPlugins({
  isProduction,
  publicOrigin,
  factors,
  store,
  sendMail,
  record,
}: AuthParts): BetterAuthPlugin[] {
  return [
    secondFactor(factors) as unknown as BetterAuthPlugin,
    ...(relyingPartyId(publicOrigin) === null
      ? []
      : [passkeys(publicOrigin, isProduction) as unknown as BetterAuthPlugin]),
    reauthentication(factors, sendMail),
    factorRules({ store, factors, sendMail, record, providerIds: new Set() }),
  ];
}
