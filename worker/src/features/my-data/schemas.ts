import { z } from '@hono/zod-openapi';
import { idPattern } from '../../platform/ids.ts';

export const exportSchema = z
  .object({
    exportId: z.string(),
    state: z.enum(['waiting', 'running', 'ready', 'failed']),
    /** ZIP archives that are done; a large library comes in several. Each is fetched with the link in the mail. */
    archives: z.array(z.object({ number: z.int(), sizeBytes: z.int() })),
    createdAt: z.iso.datetime(),
    /** When a finished copy goes. */
    expiresAt: z.iso.datetime().nullable(),
  })
  .openapi('DataExport');

export const exportStateSchema = z.object({ export: exportSchema.nullable() });

export const downloadParamsSchema = z.object({ exportId: z.string().regex(idPattern('exp')) });

export const downloadQuerySchema = z.object({
  /** Counted from 1. */
  archive: z.coerce.number().int().min(1).max(1000).default(1),
  /** From the mail. */
  token: z.string().max(100).default(''),
});

export const requestDeletionSchema = z.object({
  /** One’s own, typed to be sure that it is meant. */
  handle: z.string().max(100),
});

export const deletionSchema = z.object({
  /** When everything goes; null where the account stays. */
  deletesAt: z.iso.datetime().nullable(),
});

export const cancellationSchema = z.object({ token: z.string().min(1).max(200) });
