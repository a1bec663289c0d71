import { z } from 'zod';

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

const client = { clientId: z.string().min(1), clientSecret: z.string().min(1) };

const issuerSchema = z.url().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  return isSafe && search === '' && hash === '';
}, 'must be an https address without a query');

/** Services whose accounts people may sign in with; those that are not named do not appear. */
export const authProvidersSchema = z.strictObject({
  google: z.strictObject(client).optional(),
  github: z.strictObject(client).optional(),
  discord: z.strictObject(client).optional(),
  /** Any provider that speaks OpenID Connect, by its issuer: a Keycloak or Authentik of one’s own. */
  oidc: z.strictObject({ ...client, name: z.string().min(1).max(40), issuer: issuerSchema }).optional(),
});
export type AuthProviders = z.infer<typeof authProvidersSchema>;

/** Cloudflare Turnstile, where it is used. */
export interface TurnstileSettings {
  siteKey: string;
  secret: string;
}

/** How people may come in. */
export interface SignInSettings {
  providers: AuthProviders;
  /** Whether strangers may make accounts; the first account may be made in any case. */
  isSignUpOpen: boolean;
  /** Null where no challenge is set up. */
  turnstile: TurnstileSettings | null;
}

export const signInHowToSet: Record<string, string> = {
  AUTH_PROVIDERS:
    'store a document such as {"google":{"clientId":"…","clientSecret":"…"}} with `wrangler secret put AUTH_PROVIDERS` or in .dev.vars',
  SIGN_UP: 'set it under [vars] in wrangler.toml to "open" or "closed"',
  TURNSTILE_SITE_KEY: 'set it under [vars] in wrangler.toml; TURNSTILE_SECRET belongs to it',
  TURNSTILE_SECRET: 'store it with `wrangler secret put TURNSTILE_SECRET`; TURNSTILE_SITE_KEY belongs to it',
};

/** Returns an issue where only one half of Turnstile's keys is set. */
export function turnstileIssue(env: {
  TURNSTILE_SITE_KEY?: string | undefined;
  TURNSTILE_SECRET?: string | undefined;
}): string | null {
  const { TURNSTILE_SITE_KEY: siteKey, TURNSTILE_SECRET: secret } = env;
  if ((siteKey === undefined) === (secret === undefined)) return null;
  return siteKey === undefined ? 'TURNSTILE_SITE_KEY' : 'TURNSTILE_SECRET';
}
