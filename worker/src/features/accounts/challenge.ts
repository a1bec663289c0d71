import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { AppContext } from '../../platform/app-context.ts';
import type { TurnstileSettings } from '../../platform/auth/sign-in-settings.ts';
import type { Env } from '../../platform/env.ts';
import { ProblemError } from '../../platform/errors.ts';
import { readFormCopy } from '../../platform/form.ts';
import { accountKey, addressKey } from '../../platform/limits/keys.ts';
import type { KnownDevices } from '../../platform/limits/known-devices.ts';
import type { PolicyName } from '../../platform/limits/policies.ts';
import { logError } from '../../platform/log.ts';

const VERIFIER = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
const PATIENCE_MS = 5000;
/** Where pages put what the challenge gave them. */
const HEADER = 'x-captcha-response';
/** Cloudflare's tokens are no longer. */
const LONGEST_TOKEN = 2048;

/** What the challenge needs. */
export interface ChallengeDeps {
  /** Null where nobody is ever challenged. */
  turnstile: TurnstileSettings | null;
  publicOrigin: string;
}

const verdictSchema = z.object({ success: z.boolean(), hostname: z.string().optional() });

/** Asks Cloudflare whether a challenge was solved on our own pages. Each answer works once. Throws `unavailable`. */
async function isSolved({ turnstile, publicOrigin }: ChallengeDeps, request: Request): Promise<boolean> {
  const token = request.headers.get(HEADER) ?? '';
  if (turnstile === null || token === '' || token.length > LONGEST_TOKEN) return false;
  const form = { secret: turnstile.secret, response: token };
  const address = request.headers.get('cf-connecting-ip');
  try {
    const answer = await fetch(VERIFIER, {
      method: 'POST',
      body: new URLSearchParams(address === null ? form : { ...form, remoteip: address }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const { success, hostname } = verdictSchema.parse(await answer.json());
    return success && hostname === new URL(publicOrigin).hostname;
  } catch (error) {
    logError('challenge', error);
    throw new ProblemError('unavailable', 'The check whether you are a person does not answer. Try again.');
  }
}

/** Returns what attempts of this request are counted by. */
async function countedBy(
  request: Request,
  devices: KnownDevices,
): Promise<readonly (readonly [PolicyName, string])[]> {
  const byAddress = ['challenge', addressKey(request)] as const;
  const form = await readFormCopy(request);
  const email = form !== null && typeof form === 'object' ? Reflect.get(form, 'email') : null;
  if (typeof email !== 'string' || email === '') return [byAddress];
  const account = await accountKey(email);
  const device = await devices.find(request, account);
  return [byAddress, ['challenge-account', device === null ? account : `${account}:${device}`]];
}

/**
 * Returns the middleware that asks whoever has tried a few times, at an account or from a place, to show that they are
 * a person. Where Turnstile is not set up it does nothing; where it is, nobody gets past it while it does not answer.
 */
export function challenge(deps: (env: Env) => ChallengeDeps): MiddlewareHandler<AppContext> {
  return async (c, next) => {
    const { turnstile } = deps(c.env);
    if (turnstile === null || c.req.method !== 'POST') return next();
    const counted = await countedBy(c.req.raw, c.var.limits.devices);
    const verdicts = await Promise.all(
      counted.map(async ([policy, key]) => {
        try {
          return (await c.var.limits.take(policy, key)).isAllowed;
        } catch (error) {
          // Whoever cannot be counted is asked.
          logError('limiter', error, { policy });
          return false;
        }
      }),
    );
    if (verdicts.includes(false) && !(await isSolved(deps(c.env), c.req.raw))) {
      throw new ProblemError('challenge_required', 'Show that you are a person, then try again.', {
        turnstileSiteKey: turnstile.siteKey,
      });
    }
    await next();
    if (!c.res.ok) return;
    // A right password shows that the account is its owner's; of a place it shows nothing.
    const account = counted.find(([policy]) => policy === 'challenge-account');
    if (account === undefined) return;
    const forgiven = c.var.limits.forgive(...account);
    await forgiven.catch((error: unknown) => logError('limiter', error, { policy: account[0] }));
  };
}
