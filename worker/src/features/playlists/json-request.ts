import type { z } from '@hono/zod-openapi';

/** Returns a JSON body's part of a route's request. */
export function jsonRequest<T extends z.ZodType>(schema: T) {
  return { body: { required: true, content: { 'application/json': { schema } } } } as const;
}
