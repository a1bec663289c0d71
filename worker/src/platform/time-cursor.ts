import { z } from '@hono/zod-openapi';
import { pageQuerySchema } from './route.ts';

/** Where a page of a list that is sorted by time begins: behind this row. */
export interface TimeCursor {
  atMs: number;
  id: string;
}

const timeCursorSchema = z
  .string()
  .regex(/^\d{1,15}\.[A-Za-z0-9_-]{1,64}$/, 'is not a cursor of this list')
  .transform((text): TimeCursor => {
    const at = text.indexOf('.');
    return { atMs: Number(text.slice(0, at)), id: text.slice(at + 1) };
  });

/** Query parameters of a list that is sorted by time and paged by `timePage`. */
export const timePageQuerySchema = pageQuerySchema.extend({ cursor: timeCursorSchema.optional() });

/** What a page of such a list is asked with. */
export interface TimePageRequest {
  cursor?: TimeCursor | undefined;
  limit: number;
}

/** Returns the rows of a page and the cursor of the next one; `rows` are one more than `limit` where there are more. */
export function timePage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => TimeCursor,
): { rows: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: page, nextCursor: null };
  const { atMs, id } = cursorOf(last);
  return { rows: page, nextCursor: `${atMs}.${id}` };
}
