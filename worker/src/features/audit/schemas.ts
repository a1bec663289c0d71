import { z } from '@hono/zod-openapi';
import { pageQuerySchema } from '../../platform/route.ts';

const detailsSchema = z.record(z.string(), z.union([z.string(), z.number()]));

/** One event as its owner sees it. */
export const ownEventSchema = z
  .object({
    eventId: z.int(),
    at: z.iso.datetime(),
    event: z.string(),
    byMe: z.boolean(),
    network: z.string().nullable(),
    device: z.string().nullable(),
    details: detailsSchema,
  })
  .openapi('OwnSecurityEvent');

/** One event as admins see it, with what proves it. */
export const eventSchema = z
  .object({
    eventId: z.int(),
    at: z.iso.datetime(),
    event: z.string(),
    actorId: z.string().nullable(),
    /** Null where nobody was known, or where they are gone. */
    actorHandle: z.string().nullable(),
    subjectId: z.string().nullable(),
    subjectHandle: z.string().nullable(),
    network: z.string().nullable(),
    device: z.string().nullable(),
    details: detailsSchema,
    previousHash: z.string(),
    hash: z.string(),
  })
  .openapi('SecurityEvent');

const eventIdSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

export const eventPageQuerySchema = pageQuerySchema.extend({ cursor: eventIdSchema.optional() });

/** Of everyone, or of whoever has this handle. */
export const allEventsQuerySchema = eventPageQuerySchema.extend({
  handle: z.string().min(1).max(100).optional(),
});

export const checkQuerySchema = z.object({ after: eventIdSchema.default(0) });

export const checkSchema = z.object({
  isIntact: z.boolean(),
  brokenAt: z.int().nullable(),
  checked: z.int(),
  nextAfter: z.int().nullable(),
  head: z.object({ seq: z.int(), hash: z.string() }).nullable(),
});
