import type { InferResponseType } from 'hono/client';
import { type ApiClient, accountClient, jsonOf } from '$lib/api/client.ts';

/** How people may sign in and up here. */
export type SignInOptions = InferResponseType<ApiClient['api']['v1']['auth-options']['$get'], 200>;

/** What is assumed where the API cannot be asked: what every installation has. */
const USUAL: SignInOptions = {
  providers: [],
  hasPasskeys: true,
  isSignUpOpen: true,
  isNew: false,
  turnstileSiteKey: null,
};

/** Returns how people may sign in here. Never throws: a form with less on it is better than none. */
export async function loadSignInOptions(fetchFn: typeof fetch): Promise<SignInOptions> {
  try {
    return await jsonOf(accountClient(fetchFn).api.v1['auth-options'].$get());
  } catch {
    return USUAL;
  }
}
