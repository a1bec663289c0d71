import type { Env } from '../../src/platform/env.ts';
import { type Api, apiWith, bindingsWith, type Call, PRODUCTION } from './api.ts';

let addresses = 0;

/** Returns an address that no other test comes from: tests share the limiter's storage. */
export function freshAddress(): string {
  addresses++;
  return `10.${addresses >> 8}.${addresses & 255}.1`;
}

/** Returns the API of an installation on Cloudflare, with limits as strangers meet them, or multiplied. */
export function limitedApi(factor = 1, overrides: Partial<Env> = {}): Api {
  return apiWith(bindingsWith({ ...PRODUCTION, RATE_LIMIT_FACTOR: String(factor), ...overrides }));
}

/** Returns a call that comes from an address. */
export function from(address: string, call: Call = {}): Call {
  return { ...call, headers: { ...call.headers, 'cf-connecting-ip': address } };
}

/** Bindings that break for whoever so much as looks at the limiter. */
export const NO_LIMITER: Partial<Env> = {
  RATE_LIMITER: new Proxy({} as DurableObjectNamespace, {
    get: () => {
      throw new Error('the limiter is gone');
    },
  }),
};
