import worker from '../../src/index.ts';
import type { Env } from '../../src/platform/env.ts';
import { type RecordedQuery, recordingDatabase } from '../support/recording-database.ts';

export { RateLimiter, TranscoderContainer } from '@melro/durable-objects';

/** What one request asked of the database, as D1 itself counts it. */
export interface CountedQueries {
  status: number;
  queries: { sql: string; rowsRead: number }[];
}

let recorded: RecordedQuery[] = [];
let bindings: Env | undefined;

/** Runs each reading statement once more, because D1 counts rows only for `all`, which Drizzle does not use. */
async function counted(db: D1Database): Promise<CountedQueries['queries']> {
  const queries: CountedQueries['queries'] = [];
  for (const { sql, parameters } of recorded) {
    if (!/^\s*(select|with)\b/i.test(sql)) continue;
    const { meta } = await db
      .prepare(sql)
      .bind(...parameters)
      .all();
    queries.push({ sql, rowsRead: meta.rows_read });
  }
  return queries;
}

/** The API as it is, which answers with what it asked of the database instead. One request at a time. */
export default {
  async fetch(request, env, context) {
    bindings ??= { ...env, DB: recordingDatabase(env.DB, (query) => recorded.push(query)) };
    recorded = [];
    const response = await worker.fetch(request, bindings, context);
    await response.arrayBuffer();
    return Response.json({
      status: response.status,
      queries: await counted(env.DB),
    } satisfies CountedQueries);
  },
} satisfies ExportedHandler<Env>;
