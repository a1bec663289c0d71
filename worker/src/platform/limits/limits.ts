import type { Verdict } from '@melro/durable-objects/gcra';
import type { Env } from '../env.ts';
import { addressKey } from './keys.ts';
import { type KnownDevices, knownDevices } from './known-devices.ts';
import { type Policy, type PolicyName, policyOf } from './policies.ts';

/** After this long a limiter counts as one that does not answer. */
const PATIENCE_MS = 2000;

/** What the durable object offers, as a stub shows it. */
interface RateLimiterStub {
  take(policy: Pick<Policy, 'burst' | 'periodSeconds' | 'backOff'>): Promise<Verdict>;
  forgive(): Promise<void>;
}

/** A policy that a request was held against, and what it said. */
export interface Consulted {
  name: PolicyName;
  policy: Policy;
  verdict: Verdict;
}

/** What limits requests. */
export interface Limits {
  /** The policy of a name as this installation has it. */
  policy(name: PolicyName): Policy;
  /** Counts a request by its address at this location, roughly and for nothing. False refuses it. Throws when it cannot tell. */
  passesFirstLine(line: 'api' | 'media', request: Request): Promise<boolean>;
  /** Takes one of a key's attempts, exactly and everywhere. Throws when the limiter does not answer. */
  take(name: PolicyName, key: string): Promise<Verdict>;
  /** Forgets a key's attempts. Throws when the limiter does not answer. */
  forgive(name: PolicyName, key: string): Promise<void>;
  /** Devices that are counted by themselves. */
  devices: KnownDevices;
}

async function withinPatience<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('the rate limiter does not answer')), PATIENCE_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the limits that the bindings keep; `factor` multiplies every burst. */
export function bindingLimits(env: Env, factor: number, devices: KnownDevices): Limits {
  const limiter = (name: PolicyName, key: string) => {
    const namespace = env.RATE_LIMITER;
    return namespace.get(namespace.idFromName(`${name}:${key}`)) as unknown as RateLimiterStub;
  };
  return {
    devices,
    policy: (name) => policyOf(name, factor),
    passesFirstLine: async (line, request) => {
      // Its numbers are fixed when it is deployed, so where limits are multiplied it would be the tighter one.
      if (factor !== 1) return true;
      const counter = line === 'media' ? env.MEDIA_FIRST_LINE : env.FIRST_LINE;
      return (await counter.limit({ key: addressKey(request) })).success;
    },
    take: async (name, key) => {
      const { burst, periodSeconds, backOff } = policyOf(name, factor);
      return withinPatience(limiter(name, key).take({ burst, periodSeconds, ...(backOff && { backOff }) }));
    },
    forgive: async (name, key) => withinPatience(limiter(name, key).forgive()),
  };
}

/** Limits nothing: for a feature that is mounted alone. */
export const NO_LIMITS: Limits = {
  devices: knownDevices(false, 'nothing is limited, so nobody gains by being known'),
  policy: (name) => policyOf(name, 1),
  passesFirstLine: async () => true,
  take: async (name) => {
    const { burst } = policyOf(name, 1);
    return { isAllowed: true, remaining: burst, retryAfterSeconds: 0, resetSeconds: 0 };
  },
  forgive: async () => undefined,
};
