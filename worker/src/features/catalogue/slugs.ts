/** Code points that a slug may have. */
const LONGEST = 60;

/** First path segments and words that a page of somebody must not pass for. */
const RESERVED = new Set(
  `about account admin admins all api app apps artist artists auth blog catalogue contact credits developers docs edit
  explore feed following genre genres help history home import legal library listen login logout mail me media melro
  moderator new null official operator page play playlist playlists plays privacy profile radio release releases rest
  search security settings shop signin signup sign-in sign-up sign-out staff status studio support system tag tags team
  terms track tracks undefined undo upload uploads user users verified www`.split(/\s+/),
);

/**
 * Returns the slug of a name: lower case, words joined by hyphens, at most 60 characters, accents of Latin letters
 * taken off. Letters of other scripts stay what they are (RFC 3987 addresses carry them), so that a name in Cyrillic or
 * Japanese can be read. Empty where the name has no letter and no digit.
 */
export function slugFrom(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  return [...plain.replace(/^-+/, '')].slice(0, LONGEST).join('').replace(/-+$/, '');
}

/** Returns what is wrong with a slug that somebody typed, in a sentence for them, or null. */
export function slugProblem(slug: string): string | null {
  if (slug === '' || slugFrom(slug) !== slug)
    return 'A short name for addresses has small letters, digits and single hyphens between them, at most 60.';
  if (RESERVED.has(slug)) return 'This short name is reserved.';
  return null;
}

/** Yields slugs to try for a name, the nicest first; the last ones nobody can have. */
export function* slugsToTry(name: string, id: string): Generator<string> {
  const unlike = id.slice(-6);
  const own = slugFrom(name);
  const base = own === '' ? unlike : own;
  const short = [...base]
    .slice(0, LONGEST - 8)
    .join('')
    .replace(/-+$/, '');
  if (!RESERVED.has(base)) yield base;
  for (let number = 2; number <= 4; number++) yield `${short}-${number}`;
  yield `${short}-${unlike}`;
  yield `${short.slice(0, 30)}-${id.slice(id.indexOf('_') + 1)}`;
}
