/** Languages that Melro writes to people in. */
export const LOCALES = ['en', 'ru'] as const;
export type Locale = (typeof LOCALES)[number];

/**
 * Returns the language that an Accept-Language header (RFC 9110, 12.5.4) likes best among ours;
 * English where it likes none of them.
 */
export function preferredLocale(acceptLanguage: string | null): Locale {
  let best: { locale: Locale; quality: number } = { locale: 'en', quality: 0 };
  for (const range of (acceptLanguage ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const locale = LOCALES.find((known) => tag === known || tag.startsWith(`${known}-`));
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    const quality = Number(weight);
    if (locale !== undefined && quality > best.quality && quality <= 1) best = { locale, quality };
  }
  return best.locale;
}
