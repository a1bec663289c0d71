import { type ApiError, toApiError } from '$lib/api/api-error.ts';

/** A result that `load` can return, so that a page shows its own error and stays in place. */
export type Loaded<T> = { ok: true; value: T } | { ok: false; error: ApiError };

/** A page of a list. */
export interface PageOf<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** Returns the result of `work`, with its failure as a value. */
export async function attempt<T>(work: Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, error: toApiError(error) };
  }
}

/** Tells whether what was asked for is not there, or its address cannot name anything. */
export function isMissing(loaded: Loaded<unknown>): boolean {
  return !loaded.ok && [400, 404].includes(loaded.error.status);
}
