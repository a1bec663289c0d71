import { API_WORKER, type Platform } from '../platform/platform.ts';
import { type Load, load, median } from './load.ts';

const ROUNDS = 5;
const WARM_UP = 300;
/** Each key is a database of its own that is opened, and on one machine's disk synced, by itself. */
const MANY_KEYS = 100;

/** Calls one durable object a request: the limiter of one key, of a hundred keys, or one that does nothing. */
export const LIMITED_WORKER = {
  name: 'limited',
  modules: true,
  compatibilityDate: '2026-10-01',
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  durableObjects: {
    LIMITER: { className: 'RateLimiter', scriptName: API_WORKER, useSQLite: true },
    BARE: { className: 'Bare', useSQLite: true },
  },
  script: `import { DurableObject } from 'cloudflare:workers';
  export class Bare extends DurableObject {
    async take() { return { isAllowed: true }; }
  }
  const RATE = { burst: 1e6, periodSeconds: 1e9 };
  export default {
    async fetch(request, env) {
      const { pathname } = new URL(request.url);
      const namespace = pathname === '/bare' ? env.BARE : env.LIMITER;
      const name = pathname === '/keys' ? 'key ' + Math.floor(Math.random() * ${MANY_KEYS}) : 'one key';
      const { isAllowed } = await namespace.get(namespace.idFromName(name)).take(RATE);
      return new Response(null, { status: isAllowed ? 200 : 429 });
    },
  };`,
};

/** What one key's limiter admits a second, and a hundred keys' together, beside an object that keeps nothing. */
export interface LimitFigures {
  oneKey: Load;
  manyKeys: Load;
  bare: Load;
  oneKeyRatio: number;
  manyKeysRatio: number;
}

/** Loads the three in turns, so that whatever else the machine does hits all. */
export async function benchLimits(platform: Platform, requestsPerRound: number): Promise<LimitFigures> {
  const base = await platform.miniflare.unsafeGetDirectURL(LIMITED_WORKER.name);
  const once = (path: string) => load(new URL(path, base), requestsPerRound, 8);
  for (const path of ['/one', '/keys', '/bare']) await load(new URL(path, base), WARM_UP, 8);
  const rounds: { oneKey: Load; manyKeys: Load; bare: Load }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    rounds.push({ oneKey: await once('/one'), manyKeys: await once('/keys'), bare: await once('/bare') });
  }
  const middle = (side: 'oneKey' | 'manyKeys' | 'bare'): Load => ({
    requestsPerSecond: median(rounds.map((round) => round[side].requestsPerSecond)),
    p99Ms: median(rounds.map((round) => round[side].p99Ms)),
  });
  const ratio = (side: 'oneKey' | 'manyKeys') =>
    median(rounds.map((round) => round[side].requestsPerSecond / round.bare.requestsPerSecond));
  return {
    oneKey: middle('oneKey'),
    manyKeys: middle('manyKeys'),
    bare: middle('bare'),
    oneKeyRatio: ratio('oneKey'),
    manyKeysRatio: ratio('manyKeys'),
  };
}
