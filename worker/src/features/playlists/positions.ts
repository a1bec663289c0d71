import { generateKeyBetween } from 'fractional-indexing';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Without the zero: a key must not end in one, or nothing would fit before it. */
const ENDINGS = DIGITS.slice(1);

/** Fifteen million possibilities keep apart what two people put in the same place at the same moment. */
const JITTER_LENGTH = 4;

function jitter(): string {
  const random = crypto.getRandomValues(new Uint16Array(JITTER_LENGTH));
  return Array.from(random, (value) => ENDINGS.charAt(value % ENDINGS.length)).join('');
}

/** A number in a fixed width of digits that are never zero. */
function ordinal(index: number, width: number): string {
  let text = '';
  for (let rest = index, i = 0; i < width; i++, rest = Math.floor(rest / ENDINGS.length)) {
    text = ENDINGS.charAt(rest % ENDINGS.length) + text;
  }
  return text;
}

/**
 * Returns `count` ascending keys strictly between two keys (null is the end of the list), compared as bytes. They begin
 * with the same random stretch, so that of two people who insert at the same place each one's tracks stay together.
 */
export function positionsBetween(lower: string | null, upper: string | null, count: number): string[] {
  let stem = generateKeyBetween(lower, upper);
  // What begins like the upper bound could come behind it once something is appended.
  while (upper?.startsWith(stem)) stem = generateKeyBetween(stem, upper);
  const prefix = stem + jitter();
  if (count === 1) return [prefix];
  let width = 1;
  while (ENDINGS.length ** width < count) width++;
  return Array.from({ length: count }, (_, index) => prefix + ordinal(index, width));
}
