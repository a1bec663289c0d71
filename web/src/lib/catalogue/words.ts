import type { Credit, Licence, ReleaseCard } from './cards.ts';

const KINDS: Record<ReleaseCard['kind'], { one: string; many: string }> = {
  album: { one: 'Album', many: 'Albums' },
  ep: { one: 'EP', many: 'EPs' },
  single: { one: 'Single', many: 'Singles' },
  compilation: { one: 'Compilation', many: 'Compilations' },
};

/** The order in which a discography is shown. */
export const KINDS_IN_ORDER = ['album', 'ep', 'single', 'compilation'] as const;

/** Returns the word for a kind of release. */
export function kindName(kind: ReleaseCard['kind']): string {
  return KINDS[kind].one;
}

/** Returns the heading over several releases of a kind. */
export function kindsName(kind: ReleaseCard['kind']): string {
  return KINDS[kind].many;
}

/** Returns the year of a date that may be a year, a month or a day. */
export function yearOf(date: string | null): string | null {
  return date?.slice(0, 4) ?? null;
}

const DATE_FORMS = {
  4: { year: 'numeric' },
  7: { year: 'numeric', month: 'long' },
  10: { year: 'numeric', month: 'long', day: 'numeric' },
} as const;

/** Returns a date in words as exactly as it is known: “2024”, “May 2024”, “3 May 2024”. */
export function formatReleaseDate(date: string): string {
  const form = DATE_FORMS[date.length as keyof typeof DATE_FORMS];
  const time = Date.parse(date);
  if (form === undefined || Number.isNaN(time)) return date;
  // A calendar day is the same in every time zone.
  return new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' }).format(time);
}

/** Returns a licence's name and where its words are; null where nothing is allowed. */
export function licenceOf(licence: Licence): { name: string; url: string } | null {
  if (licence === 'all-rights-reserved') return null;
  if (licence === 'cc0-1.0') {
    return { name: 'CC0 1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' };
  }
  const kind = licence.replace(/^cc-/, '').replace(/-4\.0$/, '');
  return { name: `CC ${kind.toUpperCase()} 4.0`, url: `https://creativecommons.org/licenses/${kind}/4.0/` };
}

/** Credits with the same role together, roles in the order in which they first come. */
export function byRole(credits: readonly Credit[]): { role: string; people: Credit[] }[] {
  return [...Map.groupBy(credits, ({ role }) => role)].map(([role, people]) => ({ role, people }));
}

/** Returns a role as a label: the first letter large. */
export function roleName(role: string): string {
  return role.charAt(0).toLocaleUpperCase() + role.slice(1);
}
