import type { Moment } from './tap.ts';

/** How long the two sides of an undisturbed conversation are. */
export interface Conversation {
  original: number;
  answer: number;
}

/** Every so many moments one falls into the way of the original; the rest are spread over the answer. */
const ORIGINAL_EVERY = 7;

/**
 * Returns `count` moments spread over a whole conversation, from the first byte of the original to the last of
 * the answer. Their order jumps about, so that each track meets early and late ones.
 */
export function spreadMoments(count: number, { original, answer }: Conversation): Moment[] {
  const inOriginal = Math.max(1, Math.floor(count / ORIGINAL_EVERY));
  const inAnswer = count - inOriginal;
  const spread = (many: number, total: number) =>
    Array.from({ length: many }, (_, i) => Math.max(1, Math.round((total * i) / Math.max(1, many - 1))));
  const moments: Moment[] = [
    ...spread(inOriginal, original).map((bytes) => ({ side: 'original' as const, bytes })),
    ...spread(inAnswer, answer).map((bytes) => ({ side: 'answer' as const, bytes })),
  ];
  const stride = coprimeStride(moments.length);
  return moments.map((_, i) => moments[(i * stride) % moments.length] as Moment);
}

function coprimeStride(length: number): number {
  const divide = (a: number, b: number): number => (b === 0 ? a : divide(b, a % b));
  let stride = Math.max(1, Math.round(length * 0.38));
  while (divide(length, stride) !== 1) stride++;
  return stride;
}
