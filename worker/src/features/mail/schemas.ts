import { z } from '@hono/zod-openapi';
import { idPattern } from '../../platform/ids.ts';
import { LOCALES } from '../../platform/locale.ts';

export const mailParamsSchema = z.object({
  mailId: z
    .string()
    .regex(idPattern('eml'))
    .openapi({ description: 'Names a message', example: 'eml_01kaf3w5c8q2t9v7x1y4z6b0de' }),
});

const stateSchema = z.enum(['queued', 'sending', 'sent', 'failed']);

/** A message of which only the fate is known: words and address are gone once it has left. */
export const failedMailSchema = z
  .object({
    mailId: z.string(),
    template: z.string(),
    attempts: z.int(),
    reason: z.string().nullable(),
    createdAt: z.iso.datetime(),
    failedAt: z.iso.datetime().nullable(),
  })
  .openapi('FailedMail');

export const outboxItemSchema = z
  .object({
    mailId: z.string(),
    template: z.string(),
    locale: z.enum(LOCALES),
    state: stateSchema,
    to: z.string().nullable(),
    subject: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('OutboxItem');

export const outboxMessageSchema = outboxItemSchema
  .extend({
    text: z.string().nullable(),
    /** Where the HTML part is shown by itself; for a sandboxed frame. */
    htmlUrl: z.string().nullable(),
    lastFault: z.string().nullable(),
  })
  .openapi('OutboxMessage');
