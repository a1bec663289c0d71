import { describe, expect, it } from 'vitest';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { handleProblem, normalizeHandle } from './handles.ts';
import { passwordHasher } from './password-hasher.ts';
import { PASSWORD_MIN_LENGTH, passwordProblem } from './password-rules.ts';
import { nameSchema } from './schemas.ts';
import { expiryMs, networkOf, newSessionToken } from './session-policy.ts';

describe('handles', () => {
  it.each(['abc', 'merle', 'melrose', 'administrata', 'a1_b2', '0x0', '1234', 'a'.repeat(30)])(
    '%s is one',
    (handle) => {
      expect(handleProblem(handle)).toBeNull();
    },
  );

  it.each([
    '',
    'ab',
    'a'.repeat(31),
    '_ab',
    'ab_',
    'a-b',
    'a.b',
    'a b',
    'Abc',
    'аbc',
    'a__b',
    'admin',
    'ad_min',
    'api',
    'adm1n',
    'adrnin',
    'm0derat0r',
    'me1ro',
    'melro_official',
    'melroteam',
    'team_melro',
    'support_4_you',
    'help_5upport',
  ])('%s is none', (handle) => {
    expect(handleProblem(handle)).toMatch(/handle/i);
  });

  it('are kept in lower case', () => {
    expect(normalizeHandle(' MerLe ')).toBe('merle');
  });
});

describe('names', () => {
  it.each(['Merle', 'Sigur Rós', 'محمد', '山田 太郎', '👩🏽‍🎤', '🏳️‍🌈', 'AC/DC', '!!!', '1'])(
    '%s is one',
    (name) => {
      expect(nameSchema.safeParse(name).success).toBe(true);
    },
  );

  it.each([
    '',
    '   ',
    '\u200b\u200b',
    '\u3164',
    '\u2800',
    '\u200d',
    'Mel\u00adro',
    'a\u200eb',
    'a\u202eb',
    'a\u0000b',
    'a\nb',
    '\ud800',
    'a\u{e0061}b',
  ])('%j is none', (name) => {
    expect(nameSchema.safeParse(name).success).toBe(false);
  });
});

describe('passwords', () => {
  it('are held against more than three thousand that leaks have shown to be common and that are long enough', () => {
    const common = COMMON_PASSWORDS.trim().split(/\s+/);
    expect(new Set(common).size).toBe(common.length);
    expect(common.length).toBeGreaterThan(3000);
    for (const password of common) {
      expect(password.length).toBeGreaterThanOrEqual(PASSWORD_MIN_LENGTH);
      expect(password).toBe(password.toLowerCase());
      expect(passwordProblem(password), password).toContain('most common');
    }
  });

  it.each([
    'correct horse battery',
    'ünïcödé wörds',
    '🐦🐦🐧🐧🦜🦜🦚🦚🦉🦉',
    'a blackbird at four in the morning',
    'melro7394018265',
    'x'.repeat(60) + '🐦'.repeat(10) + 'y'.repeat(58),
  ])('%s may be used', (password) => {
    expect(passwordProblem(password, ['merle@people.example', 'Merle', 'merle'])).toBeNull();
  });

  it.each([
    '🐦🐦🐧🐧🦜🦜🦚🦚🦉',
    'basketball',
    'BASKETBALL',
    'basketball2024',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcdefghijkl',
    '9876543210',
    'merle@people.example',
    'merlewhistles1!',
    'Merle.Whistles',
    'melromelro',
    'MelroMusic2026!',
    'welcome-to-melro',
    'admin_password',
    // Of the last hundreds of the list.
    ...['annihilator', 'Riodejaneiro', 'rhododendron7'],
  ])('%s may not', (password) => {
    expect(passwordProblem(password, ['merle@people.example', 'Merle Whistles', 'merle_w'])).toMatch(
      /password/i,
    );
  });
});

describe('the password hash', () => {
  const keys = { k1: 'one'.repeat(20), k2: 'two'.repeat(20) };
  const hasher = passwordHasher({ current: 'k1', keys });

  it('verifies its password and no other, never the same twice', async () => {
    const [first, second] = [await hasher.hash('a song'), await hasher.hash('a song')];
    expect(first).not.toBe(second);
    expect(await hasher.verify(first, 'a song')).toBe(true);
    expect(await hasher.verify(second, 'a song')).toBe(true);
    expect(await hasher.verify(first, 'a sonG')).toBe(false);
  });

  it('is worth nothing without the pepper it was made with', async () => {
    const stored = await hasher.hash('a song');
    expect(await passwordHasher({ current: 'k1', keys: { k1: keys.k2 } }).verify(stored, 'a song')).toBe(
      false,
    );
    expect(await passwordHasher({ current: 'k2', keys: { k2: keys.k2 } }).verify(stored, 'a song')).toBe(
      false,
    );
    expect(await passwordHasher({ current: 'k2', keys }).verify(stored, 'a song')).toBe(true);
  });

  it('is outdated under another pepper or at another cost', async () => {
    const stored = await hasher.hash('a song');
    expect(hasher.isOutdated(stored)).toBe(false);
    expect(passwordHasher({ current: 'k2', keys }).isOutdated(stored)).toBe(true);
    expect(hasher.isOutdated(stored.replace('t=2', 't=1'))).toBe(true);
  });

  it.each(['', 'plain', '$argon2id$v=19$m=19456,t=2,p=1,keyid=k1$short', '$2b$10$abcdefghijklmnopqrstuv'])(
    'that is none (%s) verifies nothing',
    async (stored) => {
      expect(await hasher.verify(stored, stored)).toBe(false);
    },
  );
});

describe('sessions', () => {
  it('have tokens of 256 bits', () => {
    const tokens = Array.from({ length: 1000 }, newSessionToken);
    expect(new Set(tokens).size).toBe(1000);
    for (const token of tokens)
      expect(Uint8Array.fromBase64(token, { alphabet: 'base64url' })).toHaveLength(32);
  });

  it('end at the earlier of their idle and their absolute end', () => {
    const dayMs = 86_400_000;
    expect(expiryMs({ createdAtMs: 0, isRemembered: true }, 0)).toBe(14 * dayMs);
    expect(expiryMs({ createdAtMs: 0, isRemembered: false }, 0)).toBe(dayMs);
    expect(expiryMs({ createdAtMs: 0, isRemembered: true }, 80 * dayMs)).toBe(90 * dayMs);
  });

  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['2001:0DB8:0001::', '2001:db8:1::/48'],
    ['not an address', null],
    ['', null],
    [null, null],
  ])('keep of %s the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
