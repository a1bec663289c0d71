import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

export type Database = DrizzleD1Database;

/** A write that has not run yet, so that several features' writes can share one atomic batch. */
export type Statement = BatchItem<'sqlite'>;

/** Returns the query builder over the D1 binding. */
export function openDatabase(binding: D1Database): Database {
  return drizzle(binding);
}

/** Returns a write in plain SQL that can share a batch; drizzle's own `run` cannot, as soon as it binds anything. */
export function plainStatement(db: Database, query: SQL): Statement {
  const raw = db.run(query);
  const { $client } = db as Database & { $client: D1Database };
  const prepare = () => ({
    getQuery: () => raw.getQuery(),
    stmt: $client.prepare(raw.getQuery().sql),
    mapResult: (result: unknown) => result,
  });
  return Object.assign(raw, { _prepare: prepare }) as unknown as Statement;
}

/** Runs statements in order as one transaction: all hold or none does. Returns their results in order. */
export async function runBatch(db: Database, statements: readonly Statement[]): Promise<D1Result[]> {
  const [first, ...rest] = statements;
  if (first === undefined) return [];
  return (await db.batch([first, ...rest])) as unknown as D1Result[];
}

/** D1 takes 100 bound parameters a statement; the rest is left for what else the statement binds. */
const IDS_AT_ONCE = 80;

/** Returns the rows that `query` finds for any number of ids, asked for in as many statements as they need. */
export async function inChunks<Row>(
  ids: readonly string[],
  query: (chunk: string[]) => Promise<Row[]>,
): Promise<Row[]> {
  const unique = [...new Set(ids)];
  const chunks = Array.from({ length: Math.ceil(unique.length / IDS_AT_ONCE) }, (_, i) =>
    unique.slice(i * IDS_AT_ONCE, (i + 1) * IDS_AT_ONCE),
  );
  return (await Promise.all(chunks.map(query))).flat();
}
