import { getAuth } from '$lib/account/auth-api.ts';
import type { Passkey } from '$lib/account/passkeys.ts';

/** What is asked for after the password. */
interface Steps {
  hasTotp: boolean;
  asksPasskey: boolean;
  recoveryCodesLeft: number;
}

/** How somebody can sign in. */
export interface WaysIn extends Steps {
  hasPassword: boolean;
  passkeys: Passkey[];
  connections: { id: string; providerId: string }[];
}

/** Returns the ways in of who is signed in. Throws ApiError. */
export async function loadWaysIn(fetchFn: typeof fetch): Promise<WaysIn> {
  const [steps, passkeys, credentials] = await Promise.all([
    getAuth<Steps>('two-factor/status', {}, fetchFn),
    getAuth<Passkey[]>('passkey/list-user-passkeys', {}, fetchFn),
    getAuth<{ id: string; providerId: string }[]>('list-accounts', {}, fetchFn),
  ]);
  return {
    ...steps,
    hasPassword: credentials.some(({ providerId }) => providerId === 'credential'),
    passkeys,
    connections: credentials.filter(({ providerId }) => providerId !== 'credential'),
  };
}
