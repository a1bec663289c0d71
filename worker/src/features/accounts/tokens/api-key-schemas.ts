import { z } from '@hono/zod-openapi';
import { PERMISSION_NAMES } from '../../../platform/auth/permissions.ts';
import { nameSchema } from '../schemas.ts';

const scopesSchema = z.array(z.enum(PERMISSION_NAMES));

export const createApiKeySchema = z.object({
  /** What its owner tells it from others by. */
  name: nameSchema,
  scopes: scopesSchema.min(1).max(PERMISSION_NAMES.length),
  /** Null for a key that never expires. */
  expiresInDays: z.int().min(1).max(730).nullable().default(90),
});

export const apiKeySchema = z
  .object({
    keyId: z.string(),
    name: z.string(),
    /** The first characters of the key. */
    start: z.string(),
    scopes: scopesSchema,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    /** To the nearest minute. */
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .openapi('ApiKey');

export const createdApiKeySchema = apiKeySchema
  .extend({ /** The key itself, this once. */ key: z.string() })
  .openapi('CreatedApiKey');
