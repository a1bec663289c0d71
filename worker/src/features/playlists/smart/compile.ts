import { type SQL, sql } from 'drizzle-orm';
import { ProblemError } from '../../../platform/errors.ts';
import type { SmartDriver, SmartField, SmartType } from '../../../platform/smart-fields.ts';
import type { Condition, Group, SmartRules } from '../vocabulary.ts';

/** Tracks that one smart playlist looks at, at most: what an index finds first. */
export const MAX_CANDIDATES = 2000;
/** A statement binds a hundred values at most, and a condition up to four. */
export const MAX_CONDITIONS = 16;
const DAY_MS = 86_400_000;

export const OPERATORS_BY_TYPE: Record<SmartType, readonly Condition['operator'][]> = {
  text: ['is', 'is_not', 'contains', 'not_contains', 'starts_with'],
  number: ['is', 'is_not', 'at_least', 'at_most'],
  date: ['at_least', 'at_most', 'in_last_days', 'not_in_last_days'],
  flag: ['is'],
};

/** What rules are compiled with. */
export interface SmartContext {
  fields: readonly SmartField[];
  /** Every public track, the newest first. */
  newest: SQL;
  /** Whose likes, ratings and plays are meant. */
  ownerId: string;
  nowMs: number;
}

function invalid(path: (string | number)[], message: string): ProblemError {
  const at = ['rules', ...path].join('.');
  return new ProblemError('validation_failed', `${at}: ${message}`, { issues: [{ path: at, message }] });
}

function isGroup(rule: Condition | Group): rule is Group {
  return 'rules' in rule;
}

/** Returns the value of a condition as its column has it; throws `validation_failed` for one of another kind. */
function typedValue(type: SmartType, { operator, value }: Condition, path: (string | number)[]) {
  if (type === 'flag') {
    if (typeof value !== 'boolean') throw invalid([...path, 'value'], 'must be true or false');
    return value ? 1 : 0;
  }
  if (type === 'text') {
    if (typeof value !== 'string' || value.trim() === '') throw invalid([...path, 'value'], 'must be a text');
    return value.trim();
  }
  if (type === 'number' || operator === 'in_last_days' || operator === 'not_in_last_days') {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw invalid([...path, 'value'], 'must be a number');
    return value;
  }
  const atMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs)) throw invalid([...path, 'value'], 'must be a date');
  return atMs;
}

function predicateOf(
  operator: Condition['operator'],
  value: string | number,
  nowMs: number,
): { isNegated: boolean; holds: (column: SQL) => SQL } {
  const isText = typeof value === 'string';
  // SQLite's lower() knows ASCII only, so what is written in other letters is also compared as it is.
  const folded = isText ? value.toLowerCase() : value;
  const same = (column: SQL) =>
    isText ? sql`(lower(${column}) = ${folded} OR ${column} = ${value})` : sql`${column} = ${value}`;
  const within = (column: SQL) =>
    sql`(instr(lower(${column}), ${folded}) > 0 OR instr(${column}, ${value}) > 0)`;
  const begins = (column: SQL) =>
    sql`(instr(lower(${column}), ${folded}) = 1 OR instr(${column}, ${value}) = 1)`;
  const since = (column: SQL) => sql`${column} >= ${nowMs - Number(value) * DAY_MS}`;
  const forms: Record<Condition['operator'], [boolean, (column: SQL) => SQL]> = {
    is: [false, same],
    is_not: [true, same],
    contains: [false, within],
    not_contains: [true, within],
    starts_with: [false, begins],
    at_least: [false, (column) => sql`${column} >= ${value}`],
    at_most: [false, (column) => sql`${column} <= ${value}`],
    in_last_days: [false, since],
    not_in_last_days: [true, since],
  };
  const [isNegated, holds] = forms[operator];
  return { isNegated, holds };
}

/**
 * Returns the one query of a smart playlist. An index finds at most `MAX_CANDIDATES` tracks that a rule which must hold
 * lets through, or the newest of all; the rest of the rules filters those. It answers one row: how many candidates there
 * were (one more than the most where there would have been more) and the ids of the tracks as JSON, in order.
 * Throws `validation_failed` for rules that ask what no field can tell.
 */
export function compileRules(rules: SmartRules, context: SmartContext): SQL {
  const { ownerId, nowMs } = context;
  const byName = new Map(context.fields.map((field) => [field.name, field]));
  const drivers: SmartDriver[] = [];
  let conditions = 0;

  const condition = (rule: Condition, path: (string | number)[], mustHold: boolean): SQL => {
    const field = byName.get(rule.field);
    if (field === undefined) throw invalid([...path, 'field'], 'is not a field');
    if (!OPERATORS_BY_TYPE[field.type].includes(rule.operator)) {
      throw invalid([...path, 'operator'], `cannot be asked of ${field.name}`);
    }
    if (++conditions > MAX_CONDITIONS) throw invalid(path, `more than ${MAX_CONDITIONS} conditions`);
    const value = typedValue(field.type, rule, path);
    const driver = mustHold ? field.drive?.(rule.operator, rule.value, ownerId) : null;
    if (driver != null) drivers.push(driver);
    const { isNegated, holds } = predicateOf(rule.operator, value, nowMs);
    const test = field.test(holds, ownerId);
    return isNegated ? sql`NOT ifnull(${test}, 0)` : sql`ifnull(${test}, 0)`;
  };

  const group = (rule: Group, path: (string | number)[], mustHold: boolean): SQL => {
    // Of none at all everything is true, and of any of none nothing would be; people who have not begun mean the first.
    if (rule.rules.length === 0) return sql`1`;
    const isAll = rule.match === 'all' || rule.rules.length === 1;
    const parts = rule.rules.map((part, index) => {
      const at = [...path, 'rules', index];
      return isGroup(part) ? group(part, at, mustHold && isAll) : condition(part, at, mustHold && isAll);
    });
    return sql`(${sql.join(parts, isAll ? sql` AND ` : sql` OR `)})`;
  };

  const where = group(rules, [], true);
  const sort = rules.sort === null ? null : byName.get(rules.sort.field)?.sortBy;
  if (sort === undefined) throw invalid(['sort', 'field'], 'is nothing to sort by');
  const direction = rules.sort?.descending ? sql`DESC` : sql`ASC`;
  const order = sort === null ? sql`c.place` : sql`${sort(ownerId)} ${direction} NULLS LAST, c.place`;
  const driver = drivers.toSorted((a, b) => a.rank - b.rank)[0]?.select ?? context.newest;
  return sql`WITH candidates AS MATERIALIZED (SELECT id, row_number() OVER () AS place
      FROM (SELECT id FROM (${driver}) LIMIT ${MAX_CANDIDATES + 1})),
    matches AS MATERIALIZED (SELECT t.id AS id FROM candidates c CROSS JOIN tracks t ON t.id = c.id
      WHERE c.place <= ${MAX_CANDIDATES} AND t.listed_at_ms IS NOT NULL AND ${where}
      ORDER BY ${order} LIMIT ${rules.limit})
    SELECT (SELECT count(*) FROM candidates) AS candidateCount, (SELECT json_group_array(id) FROM matches) AS ids`;
}
