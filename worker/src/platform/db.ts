import type { BatchItem } from 'drizzle-orm/batch';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

export type Database = DrizzleD1Database;

/** A write that has not run yet, so that several features' writes can share one atomic batch. */
export type Statement = BatchItem<'sqlite'>;

/** Returns the query builder over the D1 binding. */
export function openDatabase(binding: D1Database): Database {
  return drizzle(binding);
}

/** Runs statements in order as one transaction: all hold or none does. Returns their results in order. */
export async function runBatch(db: Database, statements: readonly Statement[]): Promise<D1Result[]> {
  const [first, ...rest] = statements;
  if (first === undefined) return [];
  return (await db.batch([first, ...rest])) as unknown as D1Result[];
}
