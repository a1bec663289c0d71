import { z } from 'zod';
import type { Locale } from '../../platform/locale.ts';
import type { Links } from './paths.ts';

/** What a message says, before it is text or HTML. Every string is plain text. */
export interface Content {
  /** Fixed words only: nothing that a person typed may become a header. */
  subject: string;
  heading: string;
  greeting: string;
  paragraphs: string[];
  facts?: readonly (readonly [label: string, value: string])[];
  /** To be typed in by hand. */
  code?: string;
  action?: { label: string; url: string };
  /** A smaller second way. */
  alternative?: { label: string; url: string };
  after: string[];
  /** Why they get this message. */
  reason: string;
}

/** One message: the data it takes and what it says in every language. */
export interface Template<S extends z.ZodType = z.ZodType> {
  data: S;
  /** Later than this it is not sent any more: nobody is helped by a code that has expired. */
  usefulForSeconds: number;
  say: Record<Locale, (data: z.output<S>, links: Links) => Content>;
}

/** Returns the template; it is there for the types. */
export function defineTemplate<S extends z.ZodType>(template: Template<S>): Template<S> {
  return template;
}

export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

/** One line without control characters and without marks that turn the direction of what follows. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * The name to greet somebody by; null where there is none to use. What looks like an address is not repeated:
 * else anybody could sign a stranger up and have us send them an advertisement.
 */
export const nameSchema = z
  .string()
  .nullish()
  .transform((text) => {
    const name = oneLine(text ?? '');
    const isPlain = name.length <= 60 && !/[/:@<>\\]|www|\p{L}\.\p{L}{2}/iu.test(name);
    return isPlain && name !== '' ? name : null;
  });

/** A line that describes something, such as a browser or a city. */
export const lineSchema = z.string().transform((text) => oneLine(text).slice(0, 120));

/** A secret that goes into a link. */
export const tokenSchema = z.string().regex(/^[\x21-\x7e]{8,4000}$/, 'must be a token');

/** When something happened, in milliseconds since 1970. */
export const momentSchema = z.number().int().min(0).max(8.64e15);

/** When, from what and where something was done. */
export const occasionSchema = {
  atMs: momentSchema,
  device: lineSchema.nullish(),
  place: lineSchema.nullish(),
};

interface Occasion {
  atMs: number;
  device?: string | null | undefined;
  place?: string | null | undefined;
}

/** Returns a moment in words, in UTC, for the reader's clock is unknown. */
export function inWords(atMs: number, locale: Locale): string {
  const text = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(atMs);
  return `${text} UTC`;
}

/** Returns a day in words. */
export function dayInWords(atMs: number, locale: Locale): string {
  const text = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    dateStyle: 'long',
    timeZone: 'UTC',
  }).format(atMs);
  // Its full stop would meet the sentence's.
  return text.replace(/ г\.$/, ' года');
}

/** Returns a span of time in the largest unit that says it exactly. */
export function spanInWords(minutes: number, locale: Locale): string {
  const [value, unit] =
    minutes % 1440 === 0
      ? [minutes / 1440, 'day']
      : minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit: String(unit), unitDisplay: 'long' }).format(
    Number(value),
  );
}

const FACT_LABELS = {
  en: { at: 'When', device: 'Device', place: 'Place' },
  ru: { at: 'Когда', device: 'Устройство', place: 'Место' },
} as const;

/** Returns the facts of an occasion that are known. */
export function factsOf({ atMs, device, place }: Occasion, locale: Locale) {
  const labels = FACT_LABELS[locale];
  const facts: [string, string][] = [[labels.at, inWords(atMs, locale)]];
  if (device) facts.push([labels.device, device]);
  if (place) facts.push([labels.place, place]);
  return facts;
}

export const greet: Record<Locale, (name: string | null) => string> = {
  en: (name) => (name === null ? 'Hello!' : `Hello ${name},`),
  ru: (name) => (name === null ? 'Здравствуйте!' : `Здравствуйте, ${name}!`),
};

/** Why somebody gets a message that concerns their account. */
export const OWNER_REASON: Record<Locale, string> = {
  en: 'You get this message because it concerns the security of your Melro account.',
  ru: 'Вы получили это письмо, потому что оно касается безопасности вашей учётной записи Melro.',
};

/** What to do about something that somebody else did. */
export const NOT_YOU: Record<Locale, string> = {
  en: 'If this was not you, choose a new password at once and end all other sessions:',
  ru: 'Если это были не вы, сразу смените пароль и завершите все остальные сеансы:',
};
