import { expect } from 'vitest';
import { type Accounts, type Browser, PASSWORD, PUBLIC_ORIGIN, signedUp, signIn } from './accounts.ts';
import { read } from './api.ts';
import type { Authenticator, CreationOptions, RequestOptions } from './authenticator.ts';
import { rowsOf } from './state.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

function fromBase32(text: string): Uint8Array<ArrayBuffer> {
  const bits = Array.from(text, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

/**
 * Returns what an authenticator app shows (RFC 6238, of its own making and not the library's), `steps` half minutes
 * from now.
 */
export async function codeOf(totpUri: string, steps = 0): Promise<string> {
  const secret = fromBase32(new URL(totpUri).searchParams.get('secret') ?? '');
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(Date.now() / STEP_MS) + steps));
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const offset = mac.getUint8(19) & 15;
  return String((mac.getUint32(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Somebody with an authenticator app. */
export interface Protected {
  id: string;
  email: string;
  password: string;
  browser: Browser;
  totpUri: string;
  recoveryCodes: string[];
}

/** Signs somebody up and sets an authenticator app up, by the code of the half minute before this. */
export async function withTotp(accounts: Accounts): Promise<Protected> {
  const person = await signedUp(accounts);
  const { browser } = person;
  const enabled = await browser.call('/api/auth/two-factor/enable', { json: { password: PASSWORD } });
  const { totpURI, backupCodes } = await read<{ totpURI: string; backupCodes: string[] }>(enabled);
  const code = await codeOf(totpURI, -1);
  const verified = await browser.call('/api/auth/two-factor/verify-totp', { json: { code } });
  expect([enabled.status, verified.status]).toEqual([200, 200]);
  await accounts.mailTo(person.email, 'two_factor_changed');
  return { ...person, totpUri: totpURI, recoveryCodes: backupCodes };
}

/** Opens another browser and shows the password; what comes next is the second factor. */
export async function halfSignedIn(accounts: Accounts, person: { email: string; password: string }) {
  const { browser, answer } = await signIn(accounts, person);
  expect(answer.status).toBe(200);
  const asked = await read<{ twoFactorRedirect: boolean; twoFactorMethods: string[] }>(answer);
  expect(asked.twoFactorRedirect).toBe(true);
  return { browser, methods: asked.twoFactorMethods };
}

/** Makes somebody's sessions look as if they had signed in an hour ago. */
export async function signedInLongAgo(userId: string): Promise<void> {
  await rowsOf(
    'UPDATE user_sessions SET created_at_ms = created_at_ms - 3600000 WHERE user_id = ? RETURNING id',
    userId,
  );
}

/** Lets a signed-in person register a passkey; returns what the server answered. */
export async function addPasskey(
  browser: Browser,
  device: Authenticator,
  name = 'My key',
  origin = PUBLIC_ORIGIN,
) {
  const asked = await browser.call('/api/auth/passkey/generate-register-options');
  expect(asked.status).toBe(200);
  const response = await device.create(await read<CreationOptions>(asked), origin);
  return browser.call('/api/auth/passkey/verify-registration', { json: { response, name } });
}

/** Lets a browser, signed in or not, show a passkey; returns what the server answered. */
export async function showPasskey(browser: Browser, device: Authenticator, origin = PUBLIC_ORIGIN) {
  const asked = await browser.call('/api/auth/passkey/generate-authenticate-options');
  expect(asked.status).toBe(200);
  const response = await device.get(await read<RequestOptions>(asked), origin);
  return browser.call('/api/auth/passkey/verify-authentication', { json: { response } });
}
