import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventOrigin, eventWords } from './event-words.ts';

const fact = (event: string, details: Record<string, string> = {}) => ({
  event,
  details,
  network: '203.0.113.0/24',
  device: 'Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0',
});

describe('an event in words', () => {
  it('is there for every kind that the API knows', async () => {
    const source = await readFile(
      new URL('../../../../worker/src/platform/security-events.ts', import.meta.url),
      'utf8',
    );
    const list = /SECURITY_EVENTS = \[([^\]]+)\]/.exec(source)?.[1] ?? '';
    const kinds = [...list.matchAll(/'(\w+)'/g)].map(([, kind = '']) => kind);
    expect(kinds.length).toBeGreaterThan(30);
    for (const kind of kinds) {
      const name = kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' ');
      const own = ['signed_in', 'signed_out', 'password_changed', 'passkey_added', 'passkey_removed'];
      const plain = [...own, 'role_changed', 'account_deleted'];
      if (!plain.includes(kind)) expect(eventWords(fact(kind)), kind).not.toBe(name);
    }
  });

  it('says how and what', () => {
    expect(eventWords(fact('signed_in', { method: 'password' }))).toBe('Signed in with a password');
    expect(eventWords(fact('signed_in', { method: 'provider', provider: 'github' }))).toBe(
      'Signed in with GitHub',
    );
    expect(eventWords(fact('provider_linked', { provider: 'google' }))).toBe(
      'Another account connected: Google',
    );
    expect(eventWords(fact('role_changed', { role: 'artist' }))).toBe('Role changed: artist');
  });

  it('of a kind that nobody knows yet is told by its name', () => {
    expect(eventWords(fact('moon_landed', { method: 'rocket' }))).toBe('Moon landed');
  });

  it('says from where', () => {
    expect(eventOrigin(fact('signed_in'))).toBe('Firefox on Android · 203.0.113.0/24');
    expect(eventOrigin({ ...fact('signed_in'), device: null, network: null })).toBe('');
  });
});
