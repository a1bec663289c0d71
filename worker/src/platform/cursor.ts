import { z } from '@hono/zod-openapi';

/** Where a page of a list that is sorted by a number, then by a name, begins: after this row. */
export interface Position {
  value: number;
  name: string;
}

/** Returns the cursor of the page after a row. */
export function cursorAfter(value: number, name: string): string {
  return `${value}~${name}`;
}

/** Returns what a cursor says; undefined for the first page. */
export function positionOf(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const at = cursor.indexOf('~');
  return { value: Number(cursor.slice(0, at)), name: cursor.slice(at + 1) };
}

/** The parameter by which the next page is asked for; what it holds is ours. */
export const positionCursorSchema = z
  .string()
  .max(150)
  .regex(/^\d{1,15}~[^~\s]{1,120}$/, 'is not a cursor of this list')
  .optional();

/** Cuts a page out of rows of which one more than `limit` was asked for. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  positionIn: (row: Row) => [value: number, name: string],
): { rows: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last ? cursorAfter(...positionIn(last)) : null };
}
