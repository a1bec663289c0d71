import { ProblemError } from '../../platform/errors.ts';

/** Returns where a list goes on: the fractional key and the id of what was shown last, as one opaque text. */
export function encodeCursor(position: string, id: string): string {
  return new TextEncoder()
    .encode(JSON.stringify([position, id]))
    .toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Returns the key and the id in a cursor; throws `validation_failed` for one that was never given out. */
export function decodeCursor(cursor: string | undefined): [string, string] | null {
  if (cursor === undefined) return null;
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: 'base64url' });
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const [position, id] = Array.isArray(value) ? value : [];
    if (typeof position === 'string' && typeof id === 'string') return [position, id];
  } catch {
    // It is told below what is wrong with it.
  }
  throw new ProblemError('validation_failed', 'cursor: was not given out by this list.', {
    issues: [{ path: 'cursor', message: 'was not given out by this list' }],
  });
}
