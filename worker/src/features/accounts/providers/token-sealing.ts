import type { DBAdapter, DBTransactionAdapter } from 'better-auth';
import type { BetterAuthOptions } from 'better-auth/types';
import type { AuthSecrets } from '../../../platform/auth/auth-secrets.ts';

/** What of a provider is kept sealed. */
const FIELDS = ['accessToken', 'refreshToken', 'idToken'] as const;
type Field = (typeof FIELDS)[number];

/** Whose token it is: it opens for nobody else, not even in another column. */
export interface TokenOwner {
  userId: string;
  providerId: string;
  field: Field;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const toText = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
const toBytes = (text: string) => Uint8Array.fromBase64(text, { alphabet: 'base64url' });

async function keyOf(secrets: AuthSecrets, keyId: string): Promise<CryptoKey> {
  const secret = secrets.keys[keyId]?.signing;
  if (secret === undefined) throw new Error(`AUTH_SECRETS has no key ${keyId}`);
  const material = await crypto.subtle.importKey('raw', utf8(secret), 'HKDF', false, ['deriveKey']);
  const derivation = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: utf8('melro provider tokens'),
  };
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
}

const boundTo = (keyId: string, { userId, providerId, field }: TokenOwner) =>
  utf8(JSON.stringify([keyId, userId, providerId, field]));

/** Returns a provider's token as it is kept: AES-256-GCM, bound to its key id, person, provider and column. */
export async function sealToken(secrets: AuthSecrets, owner: TokenOwner, token: string): Promise<string> {
  const keyId = secrets.current;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: 'AES-GCM', iv, additionalData: boundTo(keyId, owner) };
  const sealed = await crypto.subtle.encrypt(algorithm, await keyOf(secrets, keyId), utf8(token));
  return `v1.${keyId}.${toText(iv)}.${toText(new Uint8Array(sealed))}`;
}

/** Returns a token that was sealed for this owner. Throws where it was made for another, changed, or its key is gone. */
export async function openToken(secrets: AuthSecrets, owner: TokenOwner, kept: string): Promise<string> {
  const [version, keyId = '', iv = '', sealed = ''] = kept.split('.');
  if (version !== 'v1') throw new Error('this is no sealed token');
  const algorithm = { name: 'AES-GCM', iv: toBytes(iv), additionalData: boundTo(keyId, owner) };
  const opened = await crypto.subtle.decrypt(algorithm, await keyOf(secrets, keyId), toBytes(sealed));
  return new TextDecoder().decode(opened);
}

type Row = Record<string, unknown>;
type Adapter = DBTransactionAdapter<BetterAuthOptions>;

async function sealed(secrets: AuthSecrets, row: Row, owner: Row): Promise<Row> {
  const out = { ...row };
  for (const field of FIELDS) {
    const token = row[field];
    if (typeof token !== 'string' || token === '') continue;
    const [userId, providerId] = [String(owner.userId), String(owner.providerId)];
    out[field] = await sealToken(secrets, { userId, providerId, field }, token);
  }
  return out;
}

function wrap<A extends Adapter>(inner: A, secrets: AuthSecrets): A {
  const own: Partial<Adapter> = {
    create: async (input) => {
      if (input.model !== 'account') return inner.create(input);
      return inner.create({ ...input, data: (await sealed(secrets, input.data, input.data)) as never });
    },
    update: async (input) => {
      if (input.model !== 'account' || !FIELDS.some((field) => input.update[field]))
        return inner.update(input);
      const owner = await inner.findOne<Row>({ model: input.model, where: input.where });
      if (owner === null) return null;
      return inner.update({ ...input, update: await sealed(secrets, input.update, owner) });
    },
    updateMany: async (input) => {
      if (input.model === 'account' && FIELDS.some((field) => input.update[field]))
        throw new Error('tokens of several accounts cannot be sealed at once');
      return inner.updateMany(input);
    },
  };
  return { ...inner, ...own };
}

/**
 * Returns a database adapter of better-auth that seals what providers hand over. better-auth's own encryption of it is
 * not bound to whose it is. Rows are read as they are kept, sealed: nothing of better-auth's that we offer needs more.
 */
export function withSealedTokens(
  make: (options: BetterAuthOptions) => DBAdapter<BetterAuthOptions>,
  secrets: AuthSecrets,
): (options: BetterAuthOptions) => DBAdapter<BetterAuthOptions> {
  return (options) => {
    const inner = make(options);
    return {
      ...wrap(inner, secrets),
      transaction: (callback) => inner.transaction((transaction) => callback(wrap(transaction, secrets))),
    };
  };
}
