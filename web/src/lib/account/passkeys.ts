import { ApiError } from '$lib/api/api-error.ts';
import { getAuth, postAuth } from './auth-api.ts';

/** A passkey as better-auth lists it. */
export interface Passkey {
  id: string;
  name: string | null;
  createdAt: string | null;
  backedUp: boolean;
}

/** Returns whether this browser can use passkeys: it has to know WebAuthn's JSON forms (WebAuthn 3, 5.1.8). */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

/** What the browser says when it comes to no passkey, in words. */
function inWords(cause: unknown): unknown {
  if (!(cause instanceof DOMException)) return cause;
  if (cause.name === 'InvalidStateError') {
    return new ApiError('refused', 'This device holds a passkey for your account already.', {}, cause);
  }
  return new ApiError('refused', 'No passkey was used. Try again, or use another way.', {}, cause);
}

async function ceremony(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
  } catch (cause) {
    throw inWords(cause);
  }
  throw new ApiError('refused', 'No passkey was used. Try again, or use another way.');
}

/** Signs in with a passkey, or finishes a sign-in that waits for a second factor. Throws ApiError. */
export async function signInWithPasskey(
  how: { mediation?: CredentialMediationRequirement; signal?: AbortSignal } = {},
): Promise<void> {
  const options = await getAuth<PublicKeyCredentialRequestOptionsJSON>(
    'passkey/generate-authenticate-options',
  );
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const response = await ceremony(() => navigator.credentials.get({ publicKey, ...how }));
  await postAuth('passkey/verify-authentication', { response });
}

/** Makes a passkey for who is signed in. Throws ApiError. */
export async function addPasskey(name: string): Promise<void> {
  const options = await getAuth<PublicKeyCredentialCreationOptionsJSON>('passkey/generate-register-options');
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const response = await ceremony(() => navigator.credentials.create({ publicKey }));
  await postAuth('passkey/verify-registration', { response, name });
}
