import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './api-error.ts';

export type RetryOptions = {
  /** Attempts in all, the first included. */
  attempts: number;
  /** Wait before the second attempt in seconds; it doubles each time. */
  firstWaitSeconds: number;
  longestWaitSeconds: number;
  signal?: AbortSignal | undefined;
  /** Told before each wait. */
  onWait?: ((error: ApiError, waitSeconds: number) => void) | undefined;
};

export const defaultRetry: RetryOptions = { attempts: 7, firstWaitSeconds: 0.5, longestWaitSeconds: 30 };

/**
 * Runs an action until it succeeds; repeats it after errors that may pass (no answer, 429, 5xx), waiting
 * longer each time and at least as long as the server asks. Throws the last error otherwise.
 */
export async function withRetry<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isTransient || attempt >= options.attempts) throw error;
      const backoff = Math.min(options.longestWaitSeconds, options.firstWaitSeconds * 2 ** (attempt - 1));
      // Spread out, so that parallel uploads do not all come back at the same moment.
      const spread = backoff * (0.75 + Math.random() * 0.5);
      const waitSeconds = Math.min(120, Math.max(spread, error.retryAfterSeconds ?? 0));
      options.onWait?.(error, waitSeconds);
      await sleep(
        waitSeconds * 1000,
        undefined,
        options.signal === undefined ? {} : { signal: options.signal },
      );
    }
  }
}
