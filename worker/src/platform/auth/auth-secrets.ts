import { z } from 'zod';

const secretBytes = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43,}$/, 'must be at least 32 random bytes in base64url (43 characters)');

/** One document with everything that accounts keep secret; `current` makes what is new, the others still check. */
export const authSecretsSchema = z
  .object({
    current: z.string(),
    keys: z.record(
      z.string().regex(/^k[1-9]\d{0,8}$/, 'key ids are k1, k2, …'),
      z.object({
        /** Signs cookies and links, encrypts what must be read again. */
        signing: secretBytes,
        /** Keyed into every password before it is hashed. */
        pepper: secretBytes,
      }),
    ),
  })
  .refine(({ current, keys }) => current in keys, 'current must name one of keys');
export type AuthSecrets = z.infer<typeof authSecretsSchema>;

/** Peppers of passwords by key id. */
export interface PepperKeys {
  current: string;
  keys: Record<string, string>;
}

/** Returns the peppers among the secrets. */
export function pepperKeys({ current, keys }: AuthSecrets): PepperKeys {
  return {
    current,
    keys: Object.fromEntries(Object.entries(keys).map(([id, { pepper }]) => [id, pepper])),
  };
}

/** Returns the signing secrets as better-auth wants them: by number, the current one first. */
export function signingSecrets({ current, keys }: AuthSecrets): { version: number; value: string }[] {
  return Object.entries(keys)
    .toSorted(([a], [b]) => Number(b === current) - Number(a === current))
    .map(([id, { signing }]) => ({ version: Number(id.slice(1)), value: signing }));
}
