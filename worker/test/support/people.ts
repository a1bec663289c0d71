/** People of the test installation and the access tokens they present. */
export const TOKENS = {
  alice: 'alice-presents-this-token-and-nobody-else-knows-it',
  bob: 'bob-presents-another-token-that-alice-does-not-know',
  lena: 'lena-listens-here-and-may-do-nothing-else-with-it',
  olga: 'olga-operates-this-installation-and-keeps-her-token',
  local: 'what-npm-start-leaves-for-the-scripts-beside-it-to-show',
} as const;
export type Person = keyof typeof TOKENS;

export const ROLES = {
  alice: 'uploader',
  bob: 'uploader',
  lena: 'listener',
  olga: 'operator',
  local: 'operator',
} as const;

/** The key that the mail provider beside the tests lets in. */
export const PROVIDER_KEY = 'key-of-the-provider';

/** Media keys: `k1` signs, `k0` is the key before it, still valid. */
export const MEDIA_KEYS = { current: 'k1', keys: { k1: 'A'.repeat(43), k0: 'B'.repeat(43) } };

/** Secrets of accounts: `k2` is current, what was made with `k1` still counts. */
export const AUTH_SECRETS = {
  current: 'k2',
  keys: {
    k1: { signing: 'C'.repeat(43), pepper: 'D'.repeat(43) },
    k2: { signing: 'w4n7_Zq0xk3vB9s2Lr8TfYcH5jUeMdPaGiOoNt1RzQE', pepper: 'F'.repeat(43) },
  },
};
