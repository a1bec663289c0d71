import { type ApiError, toApiError } from '$lib/api/api-error.ts';
import { apiClient, jsonOf, type Track } from '$lib/api/client.ts';

const PAGE_SIZE = '100';

/** Some published tracks, newest first, or why there are none to show. */
export interface CataloguePage {
  tracks: Track[];
  nextCursor: string | null;
}

/** Asks for the page of published tracks that follows `cursor`. Throws ApiError. */
export async function loadCatalogue(fetchFn: typeof fetch, cursor: string | null): Promise<CataloguePage> {
  const query = { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
  const { items, nextCursor } = await jsonOf(apiClient(fetchFn).api.v1.tracks.$get({ query }));
  return { tracks: items, nextCursor };
}

/** A result that `load` can return, so that a page shows its own error and stays in place. */
export type Loaded<T> = { ok: true; value: T } | { ok: false; error: ApiError };

/** Returns the result of `work`, with its failure as a value. */
export async function attempt<T>(work: Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, error: toApiError(error) };
  }
}
