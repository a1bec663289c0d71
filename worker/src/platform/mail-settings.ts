import { z } from 'zod';

/** Who a message comes from: `Melro <no-reply@music.example>`. */
export interface Mailbox {
  name: string;
  address: string;
}

/** How mail leaves this installation. */
export type MailSettings = { from: Mailbox } & (
  | { transport: 'outbox' | 'cloudflare' }
  | {
      transport: 'mailgun';
      /** The address that messages are posted to. */
      url: string;
      key: string;
      /** Whether the provider may record opens and clicks. */
      isTracking: boolean;
    }
);

export const mailHowToSet: Record<string, string> = {
  PUBLIC_ORIGIN: 'set it under [vars] in wrangler.toml, e.g. "https://music.example"',
  MAIL_TRANSPORT:
    'set it under [vars] in wrangler.toml to "cloudflare" or "mailgun" (in development also "outbox")',
  MAIL_FROM: 'set it under [vars] in wrangler.toml, e.g. "Melro <no-reply@music.example>"',
  MAIL_HTTP_URL:
    'set it under [vars] in wrangler.toml, e.g. "https://api.mailgun.net/v3/mg.music.example/messages"',
  MAIL_HTTP_KEY: 'store the provider’s key with `wrangler secret put MAIL_HTTP_KEY` or in .dev.vars',
  MAIL_TRACKING: 'set it under [vars] in wrangler.toml to "off" or "on"',
  EMAIL: 'MAIL_TRANSPORT is "cloudflare": bind it with [[send_email]] in wrangler.toml',
};

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

function isHttpsOrLocal(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

const originSchema = z
  .url({ protocol: /^https?$/ })
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, {
    message: 'must be an origin: scheme and host, no path, no trailing slash',
  });

const mailboxSchema = z
  .string()
  // The display name becomes a header: letters, digits, spaces and a few marks leave nothing to inject.
  .regex(
    /^(?:[\p{L}\p{N} .'&-]{1,60} <[^<>\s]+>|[^<>\s]+)$/u,
    'must look like Melro <no-reply@music.example>',
  )
  .transform((text): Mailbox => {
    const [, name = 'Melro', address = text] = /^(.+) <(.+)>$/.exec(text) ?? [];
    return { name, address };
  })
  .pipe(z.object({ name: z.string(), address: z.email('must hold an email address') }));

const schema = z
  .object({
    ENVIRONMENT: z.string().optional(),
    PUBLIC_ORIGIN: originSchema,
    MAIL_TRANSPORT: z.enum(['outbox', 'cloudflare', 'mailgun']),
    MAIL_FROM: mailboxSchema,
    MAIL_HTTP_URL: z
      .url()
      .refine((text) => URL.canParse(text) && isHttpsOrLocal(text), 'must be https')
      .optional(),
    MAIL_HTTP_KEY: z.string().min(8, 'is too short for a key').optional(),
    MAIL_TRACKING: z.enum(['off', 'on']).default('off'),
    EMAIL: z.unknown().optional(),
  })
  .superRefine((env, context) => {
    const refuse = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (env.ENVIRONMENT === 'production') {
      if (env.MAIL_TRANSPORT === 'outbox')
        refuse('MAIL_TRANSPORT', 'must not be "outbox" in production, where nobody would get their mail');
      if (!isHttpsOrLocal(env.PUBLIC_ORIGIN)) refuse('PUBLIC_ORIGIN', 'must be https in production');
    }
    if (env.MAIL_TRANSPORT === 'mailgun') {
      if (env.MAIL_HTTP_URL === undefined) refuse('MAIL_HTTP_URL', 'is missing');
      if (env.MAIL_HTTP_KEY === undefined) refuse('MAIL_HTTP_KEY', 'is missing');
    }
    if (env.MAIL_TRANSPORT === 'cloudflare' && env.EMAIL === undefined) refuse('EMAIL', 'is not bound');
  })
  .transform((env) => {
    const from = env.MAIL_FROM;
    const mail: MailSettings =
      env.MAIL_TRANSPORT === 'mailgun'
        ? {
            transport: 'mailgun',
            from,
            url: env.MAIL_HTTP_URL ?? '',
            key: env.MAIL_HTTP_KEY ?? '',
            isTracking: env.MAIL_TRACKING === 'on',
          }
        : { transport: env.MAIL_TRANSPORT, from };
    return { publicOrigin: env.PUBLIC_ORIGIN, mail };
  });

/** What an installation on one's own machine has where nothing is said. */
const DEVELOPMENT = {
  PUBLIC_ORIGIN: 'http://localhost:5173',
  MAIL_TRANSPORT: 'outbox',
  MAIL_FROM: 'Melro <melro@localhost.invalid>',
};

/** Parses what the environment says of mail and of the address that links lead to; an empty value is none. */
export function parseMailSettings(environment: Record<string, unknown>) {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== '' && value !== undefined),
  );
  return schema.safeParse({ ...(environment.ENVIRONMENT === 'production' ? {} : DEVELOPMENT), ...given });
}
