import { describe, expect, it } from 'vitest';
import type { MediaClaims } from './claims.ts';
import { signMediaToken, verifyMediaToken } from './token.ts';

const NOW = 1_800_000_000;
const keys = { current: 'k2', keys: { k1: 'A'.repeat(43), k2: 'B'.repeat(43) } };
const claims: MediaClaims = {
  trk: 'trk_1',
  ver: 'ver_1',
  max: 128,
  lossless: 0,
  live: 0,
  ses: 's',
  iat: NOW,
  exp: NOW + 60,
};

describe('a media token', () => {
  it('gives back what was signed until it expires, to the second', async () => {
    const token = await signMediaToken(claims, keys);
    expect(await verifyMediaToken(token, keys, NOW + 59.9)).toEqual(claims);
    expect(await verifyMediaToken(token, keys, NOW + 60)).toBeNull();
    expect(await verifyMediaToken(token, keys, NOW), 'an answer depends on the time alone').toEqual(claims);
  });

  it('is the same for the same claims and another for others', async () => {
    expect(await signMediaToken(claims, keys)).toBe(await signMediaToken({ ...claims }, keys));
    expect(await signMediaToken(claims, keys)).not.toBe(await signMediaToken({ ...claims, max: 64 }, keys));
  });

  it('names the key that signed it and survives a rotation until that key is taken out', async () => {
    const token = await signMediaToken({ ...claims, ses: 'rotation' }, keys);
    const rotated = { current: 'k3', keys: { k2: keys.keys.k2, k3: 'C'.repeat(43) } };
    expect(await verifyMediaToken(token, rotated, NOW)).toMatchObject({ ses: 'rotation' });
    expect(await verifyMediaToken(token, { current: 'k3', keys: { k3: 'C'.repeat(43) } }, NOW)).toBeNull();
  });

  it('changed in any one character is refused', async () => {
    const token = await signMediaToken({ ...claims, ses: 'tampered' }, keys);
    // The last character of each part carries spare bits, so that two spellings may mean the same bytes.
    const spare = new Set([...token.matchAll(/\.|$/g)].map(({ index }) => index - 1));
    for (let i = 0; i < token.length; i += 7) {
      if (spare.has(i)) continue;
      const changed = token.slice(0, i) + (token[i] === 'x' ? 'y' : 'x') + token.slice(i + 1);
      expect(await verifyMediaToken(changed, keys, NOW), `character ${i}`).toBeNull();
    }
  });

  it('is remembered without being remembered too long: thousands of others do not change the answer', async () => {
    const token = await signMediaToken({ ...claims, ses: 'old' }, keys);
    expect(await verifyMediaToken(token, keys, NOW)).not.toBeNull();
    for (let i = 0; i < 600; i++) {
      await verifyMediaToken(await signMediaToken({ ...claims, ses: `other-${i}` }, keys), keys, NOW);
    }
    expect(await verifyMediaToken(token, keys, NOW)).toMatchObject({ ses: 'old' });
  });
});
