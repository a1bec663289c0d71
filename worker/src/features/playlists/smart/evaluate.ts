import type { SQL } from 'drizzle-orm';
import type { Database } from '../../../platform/db.ts';
import type { SmartField } from '../../../platform/smart-fields.ts';
import type { SmartRules } from '../vocabulary.ts';
import { compileRules, MAX_CANDIDATES } from './compile.ts';

/** The tracks of a smart playlist. */
export interface SmartResult {
  trackIds: string[];
  /** True where there were more candidates than may be looked at. */
  isPartial: boolean;
}

/** Finds the tracks that rules mean for their owner; throws `validation_failed` for rules that make no sense. */
export type EvaluateRules = (rules: SmartRules, ownerId: string) => Promise<SmartResult>;

/** Returns what finds tracks by rules over these fields, in one query. */
export function evaluator(db: Database, fields: readonly SmartField[], newest: SQL): EvaluateRules {
  return async (rules, ownerId) => {
    const query = compileRules(rules, { fields, newest, ownerId, nowMs: Date.now() });
    const row = await db.get<{ candidateCount: number; ids: string } | undefined>(query);
    return {
      trackIds: row === undefined ? [] : (JSON.parse(row.ids) as string[]),
      isPartial: (row?.candidateCount ?? 0) > MAX_CANDIDATES,
    };
  };
}
