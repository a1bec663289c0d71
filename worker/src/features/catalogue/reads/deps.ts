import type { AnswerCache } from '../../../platform/cache/answer-cache.ts';
import type { Database } from '../../../platform/db.ts';

/** What public reads need. */
export interface ReadsDeps {
  db: Database;
  cache: AnswerCache;
}
