import { LOCALES, type Locale } from './ports.ts';

/** Returns the language of a person's mail. */
export function localeOf(person: object): Locale {
  const { locale } = person as { locale?: unknown };
  return LOCALES.find((known) => known === locale) ?? 'en';
}

/** Returns the claims of a link's token; its signature was or will be checked by who acts on it. */
export function claimsOf(token: string): { email?: string; updateTo?: string } {
  try {
    const [, payload = ''] = token.split('.');
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: 'base64url' })));
  } catch {
    return {};
  }
}
