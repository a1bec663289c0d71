/** Reads the summary that ffmpeg's `ebur128` filter prints when it ends. */
import type { Loudness } from './contract.ts';

/** The filter's floor: nothing passed the absolute gate of EBU R128 (BS.1770-4 §2.8). */
const GATED_OUT_LUFS = -70;

/** @returns the figures of the last summary in `log`, or null where nothing was loud enough to measure. */
export function parseLoudness(log: string): Omit<Loudness, 'truePeakDbtp'> | null {
  const summary = log.slice(log.lastIndexOf('Integrated loudness:'));
  const integratedLufs = numberAfter(summary, /\bI:\s+(-?[\d.]+|-?inf|nan) LUFS/);
  const rangeLu = numberAfter(summary, /\bLRA:\s+(-?[\d.]+|-?inf|nan) LU/);
  if (integratedLufs === null || rangeLu === null) return null;
  return integratedLufs <= GATED_OUT_LUFS ? null : { integratedLufs, rangeLu };
}

function numberAfter(text: string, pattern: RegExp): number | null {
  const value = Number.parseFloat(pattern.exec(text)?.[1] ?? '');
  return Number.isFinite(value) ? value : null;
}
