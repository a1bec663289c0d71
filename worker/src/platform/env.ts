import { z } from 'zod';

/** A message on the transcodes queue: only a hint, the row is the truth. */
export const transcodeMessageSchema = z.object({ transcodeId: z.string() });
export type TranscodeMessage = z.infer<typeof transcodeMessageSchema>;

/** What wrangler.toml binds and which vars and secrets it sets. */
export interface Env {
  DB: D1Database;
  MEDIA: R2Bucket;
  TRANSCODES_QUEUE: Queue<TranscodeMessage>;
  TRANSCODER?: DurableObjectNamespace;
  ENVIRONMENT: string;
  LOG_LEVEL?: string;
  TRANSCODER_URL?: string;
  MEDIA_KEYS?: string;
  ACCESS_TOKENS?: string;
}
