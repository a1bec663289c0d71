/** People of the test installation and the access tokens they present. */
export const TOKENS = {
  alice: 'alice-presents-this-token-and-nobody-else-knows-it',
  bob: 'bob-presents-another-token-that-alice-does-not-know',
  olga: 'olga-operates-this-installation-and-keeps-her-token',
} as const;
export type Person = keyof typeof TOKENS;

export const ROLES = { alice: 'uploader', bob: 'uploader', olga: 'operator' } as const;

/** Media keys: `k1` signs, `k0` is the key before it, still valid. */
export const MEDIA_KEYS = { current: 'k1', keys: { k1: 'A'.repeat(43), k0: 'B'.repeat(43) } };
