import type { Api } from '@melro/worker/client';
import { type ClientResponse, hc, type InferResponseType } from 'hono/client';
import { browser } from '$app/environment';
import { accessKey } from './access-key.svelte.ts';
import { errorFromBody, errorFromNoAnswer } from './api-error.ts';

type Fetch = typeof globalThis.fetch;

/** Adds the access key, where the person gave one; where the API does not know it, asks again and tries once more. */
function withAccessKey(fetchFn: Fetch): Fetch {
  if (!browser) return fetchFn;
  return async (input, init) => {
    const send = () => {
      const headers = new Headers(init?.headers);
      if (accessKey.value !== null) headers.set('authorization', `Bearer ${accessKey.value}`);
      return fetchFn(input, { ...init, headers });
    };
    const response = await send();
    if (response.status !== 401 || accessKey.value === null || !(await accessKey.ask())) return response;
    return send();
  };
}

/** Returns the typed client of the API. In a `load`, pass its `fetch`. */
export function apiClient(fetchFn: Fetch = globalThis.fetch) {
  return hc<Api>('/', { fetch: withAccessKey(fetchFn) });
}

/** Returns the typed client for what is about the person who is signed in: an access key has no account. */
export function accountClient(fetchFn: Fetch = globalThis.fetch) {
  return hc<Api>('/', { fetch: fetchFn });
}

export type ApiClient = ReturnType<typeof apiClient>;
/** A track as lists have it. */
export type Track = InferResponseType<ApiClient['api']['v1']['tracks']['$get'], 200>['items'][number];
/** A track with what its own page shows besides. */
export type TrackPage = InferResponseType<ApiClient['api']['v1']['tracks'][':trackId']['$get'], 200>;
export type Upload = InferResponseType<ApiClient['api']['v1']['uploads'][':uploadId']['$get'], 200>;
export type Me = InferResponseType<ApiClient['api']['v1']['me']['$get'], 200>;
export type Profile = InferResponseType<ApiClient['api']['v1']['people'][':handle']['$get'], 200>;
export type DataExport = NonNullable<
  InferResponseType<ApiClient['api']['v1']['me']['export']['$get'], 200>['export']
>;
export type PlaybackGrant = InferResponseType<ApiClient['api']['v1']['playback']['$post'], 200>;

/** Returns the answer if it is a success. Throws ApiError otherwise. */
export async function succeed<T extends ClientResponse<unknown>>(request: Promise<T>): Promise<T> {
  const response = await request.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw errorFromNoAnswer(cause);
  });
  if (!response.ok) throw errorFromBody(response.status, await response.text());
  return response;
}

/** Returns the JSON body of a successful answer. Throws ApiError otherwise. */
export async function jsonOf<B>(
  request: Promise<{ json(): Promise<B> } & ClientResponse<unknown>>,
): Promise<B> {
  const response = await succeed(request);
  return (await response.json()) as B;
}
