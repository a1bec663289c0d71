import { z } from 'zod';

/** A message on the transcodes queue: only a hint, the row is the truth. */
export const transcodeMessageSchema = z.object({ transcodeId: z.string() });
export type TranscodeMessage = z.infer<typeof transcodeMessageSchema>;

/** A message on the mail queue: only a hint, the row is the truth. */
export const mailMessageSchema = z.object({ mailId: z.string() });
export type MailMessage = z.infer<typeof mailMessageSchema>;

/** A message on the exports queue: only a hint, the row is the truth. */
export const exportMessageSchema = z.object({ exportId: z.string() });
export type ExportMessage = z.infer<typeof exportMessageSchema>;

/** What wrangler.toml binds and which vars and secrets it sets. */
export interface Env {
  DB: D1Database;
  MEDIA: R2Bucket;
  TRANSCODES_QUEUE: Queue<TranscodeMessage>;
  MAIL_QUEUE: Queue<MailMessage>;
  EXPORTS_QUEUE: Queue<ExportMessage>;
  /** Cloudflare's email sending, where MAIL_TRANSPORT says so. */
  EMAIL?: SendEmail;
  TRANSCODER?: DurableObjectNamespace;
  /** One object a policy and key. */
  RATE_LIMITER: DurableObjectNamespace;
  FIRST_LINE: RateLimit;
  MEDIA_FIRST_LINE: RateLimit;
  ENVIRONMENT: string;
  LOG_LEVEL?: string;
  RATE_LIMIT_FACTOR?: string;
  ANSWER_CACHE_SECONDS?: string;
  TRANSCODER_URL?: string;
  MEDIA_KEYS?: string;
  ACCESS_TOKENS?: string;
  PUBLIC_ORIGIN?: string;
  MAIL_TRANSPORT?: string;
  MAIL_FROM?: string;
  MAIL_HTTP_URL?: string;
  MAIL_HTTP_KEY?: string;
  MAIL_TRACKING?: string;
  AUTH_SECRETS?: string;
  AUTH_PROVIDERS?: string;
  SIGN_UP?: string;
  TURNSTILE_SITE_KEY?: string;
  TURNSTILE_SECRET?: string;
}
