import type { Rate } from '@melro/durable-objects/gcra';

/** Whose attempts are counted together. */
export type Scope = 'address' | 'principal' | 'account' | 'device' | 'api_key';

/** One limit. */
export interface Policy extends Rate {
  scope: Scope;
  /** What happens while the limiter does not answer: guesses must stop, music must not. */
  failure: 'closed' | 'open';
}

/** Guesses at one account: five, then the wait doubles from a minute to a quarter of an hour. */
const GUESSES = {
  burst: 5,
  periodSeconds: 300,
  backOff: { freeAttempts: 5, longestWaitSeconds: 900, forgetSeconds: 86_400 },
} as const;

/** Every limit that is kept exactly; docs/limits.md tells why each is as it is. */
export const POLICIES = {
  'sign-in': { scope: 'address', burst: 60, periodSeconds: 600, failure: 'closed' },
  'sign-in-account': { scope: 'account', ...GUESSES, failure: 'closed' },
  // In place of the account's where the device has signed in to it before.
  'sign-in-device': { scope: 'device', ...GUESSES, failure: 'closed' },
  codes: { scope: 'address', burst: 60, periodSeconds: 600, failure: 'closed' },
  'codes-account': { scope: 'account', ...GUESSES, failure: 'closed' },
  // Where Turnstile is set up; who is refused by these is not limited but asked to show that they are a person.
  challenge: { scope: 'address', burst: 20, periodSeconds: 3600, failure: 'closed' },
  'challenge-account': { scope: 'account', burst: 3, periodSeconds: 3600, failure: 'closed' },
  'sign-up': { scope: 'address', burst: 20, periodSeconds: 3600, failure: 'closed' },
  mail: { scope: 'address', burst: 20, periodSeconds: 3600, failure: 'closed' },
  'mail-account': { scope: 'account', burst: 4, periodSeconds: 3600, failure: 'closed' },
  tokens: { scope: 'address', burst: 120, periodSeconds: 60, failure: 'closed' },
  auth: { scope: 'address', burst: 120, periodSeconds: 60, failure: 'closed' },
  uploads: { scope: 'principal', burst: 1000, periodSeconds: 3600, failure: 'open' },
  'upload-parts': { scope: 'principal', burst: 3000, periodSeconds: 600, failure: 'open' },
  pictures: { scope: 'principal', burst: 120, periodSeconds: 3600, failure: 'open' },
  'playlist-imports': { scope: 'principal', burst: 30, periodSeconds: 3600, failure: 'open' },
  exports: { scope: 'principal', burst: 3, periodSeconds: 86_400, failure: 'open' },
  playback: { scope: 'principal', burst: 120, periodSeconds: 60, failure: 'open' },
  'playback-guests': { scope: 'address', burst: 600, periodSeconds: 60, failure: 'open' },
  plays: { scope: 'principal', burst: 120, periodSeconds: 60, failure: 'open' },
  writes: { scope: 'principal', burst: 300, periodSeconds: 60, failure: 'open' },
  'writes-guests': { scope: 'address', burst: 120, periodSeconds: 60, failure: 'open' },
  'api-key': { scope: 'api_key', burst: 600, periodSeconds: 60, failure: 'open' },
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof POLICIES;

/**
 * What a route is limited by: the policy of who is known and that of strangers; null leaves it to the first line.
 */
export const ROUTE_LIMITS = {
  none: null,
  reads: null,
  writes: { known: 'writes', stranger: 'writes-guests' },
  uploads: { known: 'uploads', stranger: 'writes-guests' },
  upload_parts: { known: 'upload-parts', stranger: 'writes-guests' },
  pictures: { known: 'pictures', stranger: 'writes-guests' },
  playlist_imports: { known: 'playlist-imports', stranger: 'writes-guests' },
  exports: { known: 'exports', stranger: 'writes-guests' },
  playback: { known: 'playback', stranger: 'playback-guests' },
  plays: { known: 'plays', stranger: 'writes-guests' },
} as const satisfies Record<string, { known: PolicyName; stranger: PolicyName } | null>;

export type RouteLimit = keyof typeof ROUTE_LIMITS;

/** Returns the policy of a name with its burst multiplied, for installations where one person stands for many. */
export function policyOf(name: PolicyName, factor: number): Policy {
  const policy: Policy = POLICIES[name];
  if (factor === 1) return policy;
  const times = (count: number) => Math.max(1, Math.round(count * factor));
  const { backOff } = policy;
  return {
    ...policy,
    burst: times(policy.burst),
    ...(backOff && { backOff: { ...backOff, freeAttempts: times(backOff.freeAttempts) } }),
  };
}
