import { COMMON_PASSWORDS } from './common-passwords.ts';

export const PASSWORD_MIN_LENGTH = 10;
export const PASSWORD_MAX_LENGTH = 128;

const common = new Set(COMMON_PASSWORDS.trim().split(/\s+/));

/** Words that whoever guesses at Melro tries first; a password needs more than them (ASVS 5.0, 6.1.2). */
export const CONTEXT_WORDS = [
  ...[
    'melro',
    'music',
    'muzika',
    'musik',
    'stream',
    'streaming',
    'song',
    'album',
    'playlist',
    'listen',
    'listener',
  ],
  ...[
    'artist',
    'moderator',
    'admin',
    'administrator',
    'password',
    'passwort',
    'parol',
    'welcome',
    'blackbird',
    'merle',
  ],
];
const CONTEXT = new RegExp(CONTEXT_WORDS.toSorted((a, b) => b.length - a.length).join('|'), 'g');
/** What must be left of a password without them, and without digits and signs. */
const OWN_LETTERS = 4;

/** One character, or a short pattern, over and over; or a run such as `abcdefghij`. */
function isMonotonous(text: string): boolean {
  if (/^(.{1,4}?)\1+.{0,3}$/su.test(text)) return true;
  const steps = [...text].map((character) => character.codePointAt(0) ?? 0);
  const step = (steps[1] ?? 0) - (steps[0] ?? 0);
  return Math.abs(step) <= 1 && steps.every((code, at) => at === 0 || code - (steps[at - 1] ?? 0) === step);
}

/**
 * Returns why a password must not be used, or null: too common, too monotonous, or about its owner
 * (NIST SP 800-63B 3.1.1.2: length and a blocklist, no rules of composition). Length is counted in code points.
 */
export function passwordProblem(password: string, about: readonly string[] = []): string | null {
  const { length } = [...password];
  if (length < PASSWORD_MIN_LENGTH) return `A password has at least ${PASSWORD_MIN_LENGTH} characters.`;
  if (length > PASSWORD_MAX_LENGTH) return `A password has at most ${PASSWORD_MAX_LENGTH} characters.`;
  const plain = password.normalize('NFKC').toLowerCase();
  // What people append to get past such a list.
  if (common.has(plain) || common.has(plain.replace(/[\d!?.]{1,4}$/, ''))) {
    return 'This password is among the most common ones, which are tried first. Choose another.';
  }
  if (isMonotonous(plain)) return 'This password repeats itself. Choose another.';
  const rest = plain.replace(CONTEXT, '');
  if (
    rest !== plain &&
    rest.replace(/[\d\W_]+/g, '').length < OWN_LETTERS &&
    rest.length < PASSWORD_MIN_LENGTH
  ) {
    return 'This password is made of words that are tried first here. Choose another.';
  }
  const own = about.flatMap((text) => {
    const lower = text.toLowerCase();
    const [local = ''] = lower.split('@');
    return [lower, local];
  });
  const bare = plain.replace(/[\d\W_]+/g, '');
  if (own.some((word) => word.length >= 4 && (plain === word || bare === word.replace(/[\d\W_]+/g, '')))) {
    return 'This password is your name or your address. Choose another.';
  }
  return null;
}
