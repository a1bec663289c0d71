import type { OAuthProvider } from '@better-auth/core/oauth2';
import { APIError } from 'better-auth/api';
import { handleFrom } from '../handles.ts';
import { nameSchema } from '../schemas.ts';

/** A provider as better-auth takes it, whatever its profile looks like. */
export type Provider = OAuthProvider<Record<string, unknown>>;

/** Keys that a provider gave out to this installation. */
export interface ProviderClient {
  clientId: string;
  clientSecret: string;
}

/** What a provider says of somebody. */
export interface Profile {
  /** The provider's own id of the person, which never changes. */
  subject: string;
  email: string | null;
  emailVerified: boolean;
  /** What they might be called here, the best first. */
  names: readonly unknown[];
}

const PATIENCE_MS = 5000;

/** Returns the error for a provider that cannot be asked. */
export function unavailable(cause: unknown): APIError {
  return new APIError('SERVICE_UNAVAILABLE', {
    code: 'PROVIDER_UNAVAILABLE',
    message: 'The other service does not answer. Try again, or sign in another way.',
    cause,
  });
}

/** Returns the JSON at an address of a provider. Follows no redirect, waits five seconds; throws PROVIDER_UNAVAILABLE. */
export async function readJson(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', 'user-agent': 'Melro', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status !== 200) throw new Error(`it answered ${response.status}`);
    return await response.json();
  } catch (error) {
    throw unavailable(error);
  }
}

/** Returns somebody as better-auth makes an account of them. Pictures are left where they are: they would be tracked by. */
export function userOf({ email, emailVerified, names }: Profile) {
  const name = names.map((text) => nameSchema.safeParse(text)).find(({ success }) => success)?.data;
  const local = email?.split('@')[0];
  const handle = handleFrom([...names.toReversed(), local]);
  return { name: name ?? handle, email: email?.toLowerCase() ?? null, emailVerified, handle };
}
