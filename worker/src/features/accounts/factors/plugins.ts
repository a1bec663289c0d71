import type { BetterAuthPlugin } from '@better-auth/core';
import { pepperKeys } from '../../../platform/auth/auth-secrets.ts';
import type { AuthParts } from '../auth-parts.ts';
import { providerRules } from '../providers/provider-rules.ts';
import { providersPlugin } from '../providers/providers.ts';
import { factorRules } from './factor-rules.ts';
import { passkeyStep } from './passkey-step.ts';
import { passkeys, relyingPartyId } from './passkeys.ts';
import { reauthentication } from './reauthentication.ts';
import { recoveryCodes } from './recovery-codes.ts';
import { secondFactor } from './two-factor.ts';

/**
 * Endpoints of better-auth that are not offered. Codes by mail would make a second factor of the mailbox that already
 * opens the first. The secret of an authenticator app is shown once, else whoever borrows a session could copy it
 * unnoticed. Tokens of providers are nobody's business but ours.
 */
export const REFUSED_FACTOR_PATHS = [
  '/two-factor/send-otp',
  '/two-factor/verify-otp',
  '/two-factor/get-totp-uri',
  '/get-access-token',
  '/refresh-token',
  '/account-info',
];

/** Returns better-auth's plugins for second factors, passkeys and providers with our rules around them. */
export function factorPlugins(parts: AuthParts): BetterAuthPlugin[] {
  const { isProduction, publicOrigin, factors, providers, sendMail } = parts;
  const codes = recoveryCodes(pepperKeys(parts.secrets));
  const hasPasskeys = relyingPartyId(publicOrigin) !== null;
  return [
    secondFactor(factors, codes) as unknown as BetterAuthPlugin,
    ...(hasPasskeys ? [passkeys(publicOrigin, isProduction) as unknown as BetterAuthPlugin] : []),
    passkeyStep(factors, codes, hasPasskeys),
    reauthentication(factors, sendMail),
    providersPlugin(providers),
    providerRules(parts),
    factorRules({ ...parts, codes, providerIds: new Set(providers.map(({ id }) => id)) }),
  ];
}
