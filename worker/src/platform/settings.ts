import { z } from 'zod';
import { type AuthSecrets, authSecretsSchema } from './auth/auth-secrets.ts';
import {
  authProvidersSchema,
  type SignInSettings,
  signInHowToSet,
  turnstileIssue,
} from './auth/sign-in-settings.ts';
import { type MailSettings, mailHowToSet, parseMailSettings } from './mail-settings.ts';

const secretBytes = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43,}$/, 'must be at least 32 random bytes in base64url (43 characters)');

const jsonOf = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

const mediaKeysSchema = z
  .object({ current: z.string(), keys: z.record(z.string().regex(/^[a-z0-9-]{1,20}$/), secretBytes) })
  .refine(({ current, keys }) => current in keys, 'current must name one of keys');

/**
 * The access token that `npm start` makes for the scripts on the same machine. What they bring in belongs to the first
 * admin, and waits under this id while there is none.
 */
export const LOCAL_OPERATOR = 'local';

const accessTokensSchema = z.array(
  z.object({
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    role: z.enum(['operator', 'uploader', 'listener']),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the token in lower-case hex'),
  }),
);
export type AccessToken = z.infer<typeof accessTokensSchema>[number];

const settingsSchema = z.object({
  ENVIRONMENT: z.enum(['development', 'production']),
  LOG_LEVEL: z.enum(['silent', 'info']).default('info'),
  RATE_LIMIT_FACTOR: z.coerce.number().positive().max(10_000).default(1),
  ANSWER_CACHE_SECONDS: z.coerce.number().int().min(0).max(3600).default(60),
  TRANSCODER_URL: z.url().optional(),
  MEDIA_KEYS: jsonOf(mediaKeysSchema),
  AUTH_SECRETS: jsonOf(authSecretsSchema),
  ACCESS_TOKENS: jsonOf(accessTokensSchema).default([]),
  AUTH_PROVIDERS: jsonOf(authProvidersSchema).default({}),
  SIGN_UP: z.enum(['open', 'closed']).default('open'),
  TURNSTILE_SITE_KEY: z.string().min(1).optional(),
  TURNSTILE_SECRET: z.string().min(1).optional(),
});

/** The parsed settings: everything in the environment that is not a binding. */
export interface Settings {
  environment: 'development' | 'production';
  logLevel: 'silent' | 'info';
  /** Every burst is multiplied by it; 1 wherever strangers come. */
  rateLimitFactor: number;
  /** The longest that anybody is shown a public answer that is no longer so; 0 keeps none. */
  answerCacheSeconds: number;
  /** Null where the transcoder is the container. */
  transcoderUrl: string | null;
  mediaKeys: z.infer<typeof mediaKeysSchema>;
  accessTokens: AccessToken[];
  /** Where people reach this installation, without a trailing slash; links are made from it alone. */
  publicOrigin: string;
  mail: MailSettings;
  authSecrets: AuthSecrets;
  signIn: SignInSettings;
}

const HOW_TO_SET: Record<string, string> = {
  ENVIRONMENT: 'set it under [vars] in wrangler.toml to "development" or "production"',
  LOG_LEVEL: 'set it under [vars] in wrangler.toml to "info" or "silent"',
  RATE_LIMIT_FACTOR: 'set it under [vars] in wrangler.toml to a number such as "1"',
  ANSWER_CACHE_SECONDS: 'set it under [vars] in wrangler.toml to whole seconds such as "60"; 0 keeps nothing',
  TRANSCODER_URL: 'set it under [vars] in wrangler.toml, e.g. "http://127.0.0.1:9090"',
  MEDIA_KEYS: 'run `npm run keys` and store its output with `wrangler secret put MEDIA_KEYS` or in .dev.vars',
  AUTH_SECRETS:
    'run `npm run keys -- auth` and store its output with `wrangler secret put AUTH_SECRETS` or in .dev.vars',
  ACCESS_TOKENS:
    'run `npm run token -- NAME` and store its output with `wrangler secret put ACCESS_TOKENS` or in .dev.vars',
  ...mailHowToSet,
  ...signInHowToSet,
};

/**
 * Returns the settings of this deployment.
 * Throws an Error that names every missing or malformed value and how to set it, never the value itself.
 */
export function parseSettings(environment: object): Settings {
  const env: Record<string, unknown> = { ...environment };
  const parsed = settingsSchema.safeParse(env);
  const mail = parseMailSettings(env);
  if (!parsed.success || !mail.success) {
    const issues = [...(parsed.error?.issues ?? []), ...(mail.error?.issues ?? [])];
    const lines = issues.map(({ path: [name = ''], message }) => {
      const problem = [undefined, ''].includes(env[String(name)] as string) ? 'is missing' : message;
      return `${String(name)} ${problem}: ${HOW_TO_SET[String(name)] ?? 'see wrangler.toml'}`;
    });
    throw new Error(`Melro cannot start. ${lines.join('; ')}`);
  }
  const { data } = parsed;
  if (data.TRANSCODER_URL === undefined && env.TRANSCODER === undefined) {
    throw new Error(`Melro cannot start. TRANSCODER_URL is missing: ${HOW_TO_SET.TRANSCODER_URL}`);
  }
  const half = turnstileIssue(data);
  if (half !== null) throw new Error(`Melro cannot start. ${half} is missing: ${HOW_TO_SET[half]}`);
  return {
    environment: data.ENVIRONMENT,
    logLevel: data.LOG_LEVEL,
    rateLimitFactor: data.RATE_LIMIT_FACTOR,
    answerCacheSeconds: data.ANSWER_CACHE_SECONDS,
    transcoderUrl: data.TRANSCODER_URL ?? null,
    mediaKeys: data.MEDIA_KEYS,
    accessTokens: data.ACCESS_TOKENS,
    ...mail.data,
    authSecrets: data.AUTH_SECRETS,
    signIn: {
      providers: data.AUTH_PROVIDERS,
      isSignUpOpen: data.SIGN_UP === 'open',
      turnstile:
        data.TURNSTILE_SITE_KEY === undefined || data.TURNSTILE_SECRET === undefined
          ? null
          : { siteKey: data.TURNSTILE_SITE_KEY, secret: data.TURNSTILE_SECRET },
    },
  };
}
