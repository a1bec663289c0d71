import { describe, expect, it } from 'vitest';
import { stepOf } from './totp.ts';

/** The secret and the codes of RFC 6238, appendix B, of which apps show the last six digits. */
const SECRET = '12345678901234567890';
const STEP_MS = 30_000;

describe('a code of an authenticator app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('at %i s is the standard’s', async (seconds, code) => {
    expect(await stepOf(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it('is taken while it is shown and for half a minute after, not before and not later', async () => {
    const step = Math.floor(1_234_567_890 / 30);
    const startMs = step * STEP_MS;
    const takenAt = async (ms: number) => (await stepOf(SECRET, '005924', ms)) === step;
    expect(await takenAt(startMs - 1)).toBe(false);
    expect(await takenAt(startMs)).toBe(true);
    expect(await takenAt(startMs + 2 * STEP_MS - 1)).toBe(true);
    expect(await takenAt(startMs + 2 * STEP_MS)).toBe(false);
  });
});
