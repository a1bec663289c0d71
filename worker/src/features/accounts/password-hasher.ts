/// <reference path="../../platform/wasm.d.ts" />
import Argon2, { Argon2Type, Argon2Version } from '@phi-ag/argon2';
import wasm from '@phi-ag/argon2/argon2.wasm';
import type { PepperKeys } from '../../platform/auth/auth-secrets.ts';

/** OWASP's first choice for Argon2id where memory is dear: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const HASH_LENGTH = 32;
const SALT_LENGTH = 16;

/** Hashes and verifies passwords; strings are in PHC form with the id of the pepper's key as `keyid`. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
  /** Whether a stored hash has other parameters or another pepper than new ones get. */
  isOutdated(stored: string): boolean;
}

interface Phc {
  memoryCost: number;
  timeCost: number;
  parallelism: number;
  keyId: string;
  salt: Uint8Array;
  hash: Uint8Array;
}

let instance: Argon2 | undefined;

/**
 * Returns the isolate's only instance. Calls are synchronous, so they queue by themselves: two never hold their
 * 19 MiB at once. An asynchronous queue would be worse, as a request that is cancelled would leave it waiting.
 */
function argon2(): Argon2 {
  instance ??= new Argon2(new WebAssembly.Instance(wasm));
  return instance;
}

function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true });
}

function parse(stored: string): Phc | null {
  const found =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d),keyid=([a-z0-9-]{1,20})\$([\w+/]+)\$([\w+/]+)$/.exec(
      stored,
    );
  if (found === null) return null;
  const [, m = '', t = '', p = '', keyId = '', salt = '', hash = ''] = found;
  return {
    memoryCost: Number(m),
    timeCost: Number(t),
    parallelism: Number(p),
    keyId,
    salt: Uint8Array.fromBase64(salt),
    hash: Uint8Array.fromBase64(hash),
  };
}

/** Returns the password as Argon2 gets it: NFKC (so that every keyboard types the same), then HMAC-SHA-256. */
async function pepper(password: string, key: string): Promise<string> {
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', bytes.encode(key), algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', imported, bytes.encode(password.normalize('NFKC')));
  return toBase64(new Uint8Array(mac));
}

function derive(peppered: string, { salt, memoryCost, timeCost, parallelism }: Omit<Phc, 'hash' | 'keyId'>) {
  return argon2().hash(peppered, {
    salt,
    memoryCost,
    timeCost,
    parallelism,
    hashLength: HASH_LENGTH,
    type: Argon2Type.Argon2id,
    version: Argon2Version.Version13,
  }).hash;
}

/** Returns the hasher whose pepper is the current one of `keys`. Older ones still verify what they once made. */
export function passwordHasher(keys: PepperKeys): PasswordHasher {
  const prefix = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism},keyid=${keys.current}$`;
  const currentKey = keys.keys[keys.current] ?? '';
  return {
    hash: async (password) => {
      const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
      const hash = derive(await pepper(password, currentKey), { ...COST, salt });
      return `${prefix}${toBase64(salt)}$${toBase64(hash)}`;
    },
    verify: async (stored, password) => {
      const phc = parse(stored);
      const key = phc === null ? undefined : keys.keys[phc.keyId];
      if (phc === null || key === undefined) {
        // Whoever has a hash that cannot be checked must not be told apart by how quickly the answer comes.
        derive(await pepper(password, currentKey), { ...COST, salt: new Uint8Array(SALT_LENGTH) });
        return false;
      }
      const hash = derive(await pepper(password, key), phc);
      return hash.length === phc.hash.length && crypto.subtle.timingSafeEqual(hash, phc.hash);
    },
    isOutdated: (stored) => !stored.startsWith(prefix),
  };
}
