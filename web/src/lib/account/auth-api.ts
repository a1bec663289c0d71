import { errorFromBody, errorFromNoAnswer, toApiError } from '$lib/api/api-error.ts';

async function ask<T>(path: string, init: RequestInit, fetchFn = fetch): Promise<T> {
  const response = await fetchFn(`/api/auth/${path}`, init).catch((cause: unknown) => {
    throw errorFromNoAnswer(cause);
  });
  if (!response.ok) throw errorFromBody(response.status, await response.text());
  return (await response.json()) as T;
}

/**
 * Posts to one of better-auth's endpoints; returns its answer. Where that asks for a challenge the person solves it, and
 * the same is sent once more. Throws ApiError.
 */
export async function postAuth<T = unknown>(path: string, body: Record<string, unknown> = {}): Promise<T> {
  const send = (more: Record<string, string>) => {
    const headers = { 'content-type': 'application/json', ...more };
    return ask<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  try {
    return await send({});
  } catch (error) {
    const { code, turnstileSiteKey } = toApiError(error);
    if (code !== 'challenge_required' || turnstileSiteKey === null) throw error;
    const { solveChallenge } = await import('./challenge.ts');
    return send({ 'x-captcha-response': await solveChallenge(turnstileSiteKey) });
  }
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
