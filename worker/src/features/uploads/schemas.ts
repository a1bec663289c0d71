import { z } from '@hono/zod-openapi';
import { MAX_ORIGINAL_BYTES } from '@melro/transcoder/contract';
import { releaseIdSchema } from '../../platform/cards.ts';
import { idPattern } from '../../platform/ids.ts';
import { pageQuerySchema } from '../../platform/route.ts';

export const uploadIdSchema = z
  .string()
  .regex(idPattern('upl'), 'is not an upload id')
  .openapi({ example: 'upl_01kaf3w5c8q2t9v7x1y4z6b0de' });

const trackIdSchema = z.string().regex(idPattern('trk'));

const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'must be a SHA-256 in hex')
  .transform((hex) => hex.toLowerCase());

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

export const createUploadSchema = z
  .object({
    fileName: z
      .string()
      .min(1)
      .max(255)
      .refine((name) => !hasControlCharacter(name), 'must not hold control characters'),
    sizeBytes: z.int().min(1, 'the file is empty').max(MAX_ORIGINAL_BYTES, 'the file is larger than 2 GiB'),
    mediaType: z.string().max(100).optional(),
    sha256: sha256Schema.optional(),
    /** The release that the track goes on; without it the recording stands alone. */
    releaseId: releaseIdSchema.optional(),
    /** The track that gets a new version, which it shows once it is made. */
    replaces: trackIdSchema.optional(),
  })
  .refine(
    ({ releaseId, replaces }) => releaseId === undefined || replaces === undefined,
    'releaseId and replaces do not go together: a track stays on its release',
  )
  .openapi('CreateUpload');
export type CreateUpload = z.infer<typeof createUploadSchema>;

export const createdUploadSchema = z
  .object({
    uploadId: uploadIdSchema,
    trackId: trackIdSchema,
    partSizeBytes: z.int(),
    partCount: z.int(),
    expiresAt: z.iso.datetime(),
  })
  .openapi('CreatedUpload');

export const uploadSchema = z
  .object({
    uploadId: uploadIdSchema,
    trackId: trackIdSchema,
    fileName: z.string(),
    sizeBytes: z.int(),
    sha256: z.string().nullable(),
    state: z.enum(['receiving', 'completed', 'rejected']),
    partSizeBytes: z.int(),
    partCount: z.int(),
    /** Numbers of the parts that have arrived whole, counted from 1. */
    receivedParts: z.array(z.int()),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .openapi('Upload');
export type Upload = z.infer<typeof uploadSchema>;

export const uploadParamsSchema = z.object({ uploadId: uploadIdSchema });

export const partParamsSchema = z.object({
  uploadId: uploadIdSchema,
  number: z.coerce.number().int().min(1).max(10_000),
});

export const partSchema = z.object({ number: z.int(), etag: z.string() }).openapi('UploadPart');

export const completedSchema = z
  .object({ trackId: trackIdSchema, transcodeId: z.string() })
  .openapi('CompletedUpload');

export const listQuerySchema = pageQuerySchema.extend({
  cursor: uploadIdSchema.optional(),
  sha256: sha256Schema.optional(),
});
