import { errorFromBody, errorFromNoAnswer } from '$lib/api/api-error.ts';

async function ask<T>(path: string, init: RequestInit, fetchFn = fetch): Promise<T> {
  const response = await fetchFn(`/api/auth/${path}`, init).catch((cause: unknown) => {
    throw errorFromNoAnswer(cause);
  });
  if (!response.ok) throw errorFromBody(response.status, await response.text());
  return (await response.json()) as T;
}

/** Posts to one of better-auth's endpoints; returns its answer. Throws ApiError. */
export function postAuth<T = unknown>(path: string, body: Record<string, unknown> = {}): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Reads one of better-auth's endpoints; in a `load`, pass its `fetch`. Throws ApiError. */
export function getAuth<T = unknown>(
  path: string,
  query: Record<string, string> = {},
  fetchFn = fetch,
): Promise<T> {
  const search = new URLSearchParams(query).toString();
  return ask(search === '' ? path : `${path}?${search}`, {}, fetchFn);
}
