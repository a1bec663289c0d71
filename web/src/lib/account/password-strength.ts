/** What the API asks of a password at least; it also refuses common and repeating ones. */
export const PASSWORD_MIN_LENGTH = 10;

/** Returns what the length of a new password means, in words: length is what makes one hard to guess. */
export function strengthHint(password: string): string {
  const { length } = [...password];
  if (length === 0) return `At least ${PASSWORD_MIN_LENGTH} characters; a few words do well.`;
  if (length < PASSWORD_MIN_LENGTH) {
    const left = PASSWORD_MIN_LENGTH - length;
    return left === 1 ? 'One more character is needed.' : `${left} more characters are needed.`;
  }
  if (length < 14) return 'Long enough. A few more make it stronger.';
  return length < 20 ? 'A good length.' : 'A very good length.';
}
