import { API_WORKER, type Platform } from '../platform/platform.ts';
import { type Load, load, median } from './load.ts';

/** The reference: the least that a Worker can do to answer bytes from the cache. */
export const BARE_WORKER = {
  name: 'bare',
  modules: true,
  compatibilityDate: '2026-10-01',
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  script: `export default {
    async fetch(request) {
      if (request.method === 'PUT') {
        const headers = { 'content-type': 'audio/mp4', 'cache-control': 'public, max-age=31536000, immutable' };
        await caches.default.put(request.url, new Response(await request.arrayBuffer(), { headers }));
        return new Response('kept');
      }
      return (await caches.default.match(request.url)) ?? new Response('not kept', { status: 404 });
    },
  };`,
};

const ROUNDS = 7;
const WARM_UP = 300;

/** What the gateway serves a cached segment with, beside the bare Worker in the same run. */
export interface GatewayFigures {
  segmentBytes: number;
  gateway: Load;
  bare: Load;
  ratio: number;
}

/** Loads gateway and bare Worker in turns, so that whatever else the machine does hits both. */
export async function benchGateway(
  platform: Platform,
  segmentPath: string,
  requestsPerRound: number,
  connections: number,
): Promise<GatewayFigures> {
  const gatewayUrl = new URL(segmentPath, await platform.miniflare.unsafeGetDirectURL(API_WORKER));
  const bareUrl = new URL('/segment.m4s', await platform.miniflare.unsafeGetDirectURL(BARE_WORKER.name));
  const segment = await (await fetch(gatewayUrl)).arrayBuffer();
  await fetch(bareUrl, { method: 'PUT', body: segment });
  const isHit = (await fetch(gatewayUrl)).headers.get('cache-status')?.includes('hit') ?? false;
  if (!isHit) throw new Error('the gateway does not answer from its cache');
  for (const url of [gatewayUrl, bareUrl]) await load(url, WARM_UP, connections);
  const rounds: { gateway: Load; bare: Load }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const gateway = await load(gatewayUrl, requestsPerRound, connections);
    const bare = await load(bareUrl, requestsPerRound, connections);
    rounds.push({ gateway, bare });
  }
  const middle = (side: 'gateway' | 'bare'): Load => ({
    requestsPerSecond: median(rounds.map((round) => round[side].requestsPerSecond)),
    p99Ms: median(rounds.map((round) => round[side].p99Ms)),
  });
  const ratio = median(rounds.map(({ gateway, bare }) => gateway.requestsPerSecond / bare.requestsPerSecond));
  return { segmentBytes: segment.byteLength, gateway: middle('gateway'), bare: middle('bare'), ratio };
}
