const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** Prefixes of every id in the system; an id says what it names. */
export type IdPrefix =
  | ('trk' | 'upl' | 'trc' | 'ver' | 'ses' | 'req' | 'eml' | 'exp')
  // Catalogue: artists, releases, credits, pictures.
  | ('art' | 'rel' | 'cdt' | 'img')
  // What listeners keep: plays, playlists, their entries, folders, invitations.
  | ('ply' | 'pls' | 'ple' | 'fld' | 'inv')
  // Accounts: people, their sign-ins, ways to sign in, single-use values, second factors, passkeys.
  | ('usr' | 'sgn' | 'crd' | 'vrf' | 'tfa' | 'psk')
  // Accounts: signing keys, API keys, and what the OAuth provider keeps.
  | ('jwk' | 'key' | 'ocl' | 'ors' | 'ocr' | 'ort' | 'oat' | 'oco' | 'oca');

/**
 * Returns a new id such as `trk_01kaf…`: prefix, 48-bit time in milliseconds, 80 random bits
 * (the ULID layout in lower case), so that ids sort by creation time.
 */
export function newId(prefix: IdPrefix, nowMs: number = Date.now()): string {
  let time = '';
  let rest = nowMs;
  for (let i = 0; i < 10; i++) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let random = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) random += CROCKFORD.charAt(byte % 32);
  return `${prefix}_${time}${random}`;
}

/** Returns when an id was made, in milliseconds. */
export function idTimeMs(id: string): number {
  const time = id.slice(id.indexOf('_') + 1).slice(0, 10);
  return [...time].reduce((ms, character) => ms * 32 + CROCKFORD.indexOf(character), 0);
}

/** Returns the id of another kind that belongs one-to-one to `id`, so that making it twice is harmless. */
export function siblingId(prefix: IdPrefix, id: string): string {
  return `${prefix}_${id.slice(id.indexOf('_') + 1)}`;
}

/** Returns the pattern that an id with this prefix matches. */
export function idPattern(prefix: IdPrefix): RegExp {
  return new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`);
}
