import { waitUntil } from 'cloudflare:workers';
import { AnswerCache } from '../platform/cache/answer-cache.ts';
import type { Settings } from '../platform/settings.ts';

/** Returns the cache of public answers in the data centre that serves the request. */
export function answerCacheOf(settings: Settings): AnswerCache {
  return new AnswerCache({
    store: () => caches.default,
    origin: settings.publicOrigin,
    boundSeconds: settings.answerCacheSeconds,
    runAfterAnswer: waitUntil,
  });
}
