import { type SQL, sql } from 'drizzle-orm';

/** True for a row in which a person has filled this field in, or has emptied it. */
export function isTyped(field: string): SQL {
  return sql`EXISTS (SELECT 1 FROM json_each(typed_fields) WHERE value = ${field})`;
}

/** The row's `typed_fields` with these among them. */
export function withTyped(fields: readonly string[]): SQL<string[]> {
  return sql`(SELECT json_group_array(value) FROM (SELECT value FROM json_each(typed_fields) UNION SELECT value FROM json_each(${JSON.stringify(fields)})))`;
}
