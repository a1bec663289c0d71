import type { SQL } from 'drizzle-orm';

export type SmartType = 'text' | 'number' | 'date' | 'flag';

/**
 * Something that rules may ask of a track. Features bring those that they keep; SQL about the track says `t`, the
 * alias of its row.
 */
export interface SmartField {
  name: string;
  type: SmartType;
  /** Returns when `predicate` holds for the track's value; for one with several values, when it does for any of them. */
  test(predicate: (value: SQL) => SQL, ownerId: string): SQL;
  /** What tracks can be sorted by, if they can be by this. */
  sortBy?(ownerId: string): SQL;
  /**
   * Finds by an index every track that a condition can hold for: a SELECT of `id`, the best first, or null where this
   * condition has none. The rank says which of several to take: the fewer it finds, the lower.
   */
  drive?(operator: string, value: string | number | boolean, ownerId: string): SmartDriver | null;
}

export interface SmartDriver {
  rank: number;
  select: SQL;
}
