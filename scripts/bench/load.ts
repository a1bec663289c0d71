import { Agent, request } from 'node:http';

/** Requests a second that a server answered, and how long the slowest hundredth waited at least. */
export interface Load {
  requestsPerSecond: number;
  p99Ms: number;
}

function get(url: URL, agent: Agent, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`status ${answer.statusCode}`)),
      );
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Asks for one address over `connections` kept connections, `count` times in all. Throws on any answer but 200. */
export async function load(
  url: URL,
  count: number,
  connections: number,
  headers: Record<string, string> = {},
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const waitsMs: number[] = [];
  let left = count;
  const startedMs = performance.now();
  async function connection(): Promise<void> {
    while (left-- > 0) {
      const sentMs = performance.now();
      await get(url, agent, headers);
      waitsMs.push(performance.now() - sentMs);
    }
  }
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - startedMs) / 1000;
  agent.destroy();
  waitsMs.sort((a, b) => a - b);
  return { requestsPerSecond: count / seconds, p99Ms: waitsMs[Math.floor(waitsMs.length * 0.99)] ?? 0 };
}

/** How long one request took from sending it to its last byte, for half and for all but the slowest hundredth. */
export interface Times {
  p50Ms: number;
  p99Ms: number;
}

/** Asks for each address once, one after the other over one connection. Throws on any answer but 200. */
export async function timeEach(urls: readonly URL[], headers: Record<string, string> = {}): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const waitsMs: number[] = [];
  for (const url of urls) {
    const sentMs = performance.now();
    await get(url, agent, headers);
    waitsMs.push(performance.now() - sentMs);
  }
  agent.destroy();
  waitsMs.sort((a, b) => a - b);
  const at = (share: number) => waitsMs[Math.floor(waitsMs.length * share)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Returns the middle value. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
