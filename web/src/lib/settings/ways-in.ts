import { getAuth } from '$lib/account/auth-api.ts';
import type { Passkey } from '$lib/account/passkeys.ts';

/** How somebody can sign in. */
export interface WaysIn {
  hasPassword: boolean;
  hasTotp: boolean;
  passkeys: Passkey[];
  connections: { id: string; providerId: string }[];
}

interface Session {
  user: { twoFactorEnabled?: boolean | null };
}

/** Returns the ways in of who is signed in. Throws ApiError. */
export async function loadWaysIn(fetchFn: typeof fetch): Promise<WaysIn> {
  const [session, passkeys, credentials] = await Promise.all([
    getAuth<Session | null>('get-session', {}, fetchFn),
    getAuth<Passkey[]>('passkey/list-user-passkeys', {}, fetchFn),
    getAuth<{ id: string; providerId: string }[]>('list-accounts', {}, fetchFn),
  ]);
  return {
    hasPassword: credentials.some(({ providerId }) => providerId === 'credential'),
    hasTotp: session?.user.twoFactorEnabled === true,
    passkeys,
    connections: credentials.filter(({ providerId }) => providerId !== 'credential'),
  };
}
