import { fetcher } from '@uppy/core/utils';
import { accessKey } from '$lib/api/access-key.svelte.ts';
import { errorFromBody, errorFromNoAnswer } from '$lib/api/api-error.ts';

/** A part that moves nothing for this long is sent again. */
const STALL_MS = 30_000;
const RETRIES = 4;

/** Where a part goes and who hears of its progress. */
export interface PartUpload {
  uploadId: string;
  number: number;
  bytes: Blob;
  signal: AbortSignal;
  onProgress(sentBytes: number): void;
}

function isWorthRetrying({ status }: XMLHttpRequest): boolean {
  // Without an answer (0) and when the server is busy or broken; what it refuses it refuses again.
  return navigator.onLine && (status === 0 || status === 429 || status >= 500);
}

/**
 * Sends one part with progress and retries, by Uppy's fetcher: `fetch` tells no upload progress.
 * Throws ApiError, or an AbortError when `signal` says so.
 */
export async function sendPart({ uploadId, number, bytes, signal, onProgress }: PartUpload): Promise<void> {
  const stall = new AbortController();
  try {
    await fetcher(`/api/v1/uploads/${uploadId}/parts/${number}`, {
      method: 'PUT',
      body: bytes,
      headers: {
        'content-type': 'application/octet-stream',
        ...(accessKey.value === null ? {} : { authorization: `Bearer ${accessKey.value}` }),
      },
      signal: AbortSignal.any([signal, stall.signal]),
      timeout: STALL_MS,
      retries: RETRIES,
      shouldRetry: isWorthRetrying,
      onTimeout: () => stall.abort(),
      onUploadProgress: ({ loaded }) => onProgress(loaded),
    });
  } catch (cause) {
    signal.throwIfAborted();
    const request = (cause as { request?: XMLHttpRequest | null }).request;
    throw request?.status ? errorFromBody(request.status, request.responseText) : errorFromNoAnswer(cause);
  }
}
