import { readFile, writeFile } from 'node:fs/promises';
import { API_WORKER, startPlatform } from '../platform/platform.ts';
import { newAuthSecrets, newMediaKeys } from '../start/data-folder.ts';
import { cpuSecondsOf } from './cpu-time.ts';
import { type Load, load, median } from './load.ts';

const ROUNDS = 7;
const WARM_UP = 300;
const CONNECTIONS = 8;
const SIGN_INS = 20;
/** Nothing here is to be limited. */
const RATE_LIMIT_FACTOR = 1000;

const PERSON = {
  email: 'ann@bench.example',
  password: 'a blackbird at four in the morning',
  name: 'Ann Bench',
  handle: 'ann_bench',
};

/** Ways to say who is asking. */
export const WAYS = ['session cookie', 'access JWT', 'API key'] as const;
export type Way = (typeof WAYS)[number];

/** What an authenticated call costs beside one like it that asks nobody who they are, and what a sign-in costs. */
export interface AuthFigures {
  open: Load;
  known: Record<Way, Load & { ratio: number }>;
  signIn: {
    wallMs: number;
    cpuMs: number;
    /** Of a call that does nothing, by which a sign-in's is to be judged. */
    openCpuMs: number;
    /** By how much the process grew for the first of all: the library, the module of the hash and its 19 MiB. */
    firstMemoryMiB: number;
    /** By how much it grew for twenty more, at its largest. */
    memoryMiB: number;
  };
}

/** Returns the process that Miniflare runs Workers in (Linux only). */
async function workerdPid(): Promise<number> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).startsWith('workerd')) return Number(pid);
  }
  throw new Error('there is no workerd among the children of this process');
}

async function memoryMiBOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
}

async function cpuMsEach(pid: number, count: number, work: () => Promise<unknown>): Promise<number> {
  const before = await cpuSecondsOf(pid);
  for (let i = 0; i < count; i++) await work();
  return ((await cpuSecondsOf(pid)) - before) * (1000 / count);
}

/** Returns what tells by how much a process has grown since now, at its largest. */
async function growthOf(pid: number): Promise<() => Promise<number>> {
  // 5 resets the largest size to the present one: proc(5).
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const beforeMiB = await memoryMiBOf(pid, 'VmRSS');
  return async () => (await memoryMiBOf(pid, 'VmHWM')) - beforeMiB;
}

/** Sends JSON as a browser does; returns the answer and the cookies it set. Throws when it is refused. */
async function post(base: URL, path: string, json: object, cookie = '') {
  const answer = await fetch(new URL(path, base), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base.origin, cookie },
    body: JSON.stringify(json),
  });
  const body = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(body)}`);
  return {
    body,
    cookie: answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; '),
  };
}

const signInOnce = (base: URL) =>
  post(base, '/api/auth/sign-in/email', { email: PERSON.email, password: PERSON.password });

async function benchSignIn(base: URL, openUrl: URL): Promise<Omit<AuthFigures['signIn'], 'firstMemoryMiB'>> {
  const pid = await workerdPid();
  const openCpuMs = await cpuMsEach(pid, SIGN_INS * 5, async () => (await fetch(openUrl)).arrayBuffer());
  const growthMiB = await growthOf(pid);
  const startedMs = performance.now();
  const cpuMs = await cpuMsEach(pid, SIGN_INS, () => signInOnce(base));
  const wallMs = (performance.now() - startedMs) / SIGN_INS;
  return { wallMs, cpuMs, openCpuMs, memoryMiB: await growthMiB() };
}

/**
 * Loads `GET /api/v1/me` in each way that somebody can say who they are, in turns with the public profile: that is the
 * same row of the same table, answered through the same stack, with nobody asked who they are.
 */
export async function benchAuth(requestsPerRound: number): Promise<AuthFigures> {
  const platform = await startPlatform({
    dataDir: null,
    port: 0,
    // Nothing is transcoded.
    transcoderUrl: 'http://127.0.0.1:9',
    mediaKeys: newMediaKeys(),
    authSecrets: newAuthSecrets(),
    logLevel: 'silent',
    isDirect: true,
    rateLimitFactor: RATE_LIMIT_FACTOR,
  });
  try {
    const base = await platform.miniflare.unsafeGetDirectURL(API_WORKER);
    await fetch(new URL('/readyz', base)).then((answer) => answer.arrayBuffer());
    const growthMiB = await growthOf(await workerdPid());
    const { cookie } = await post(base, '/api/auth/sign-up/email', PERSON);
    const firstMemoryMiB = await growthMiB();
    const wish = { name: 'Bench', scopes: ['account:read'] };
    const { body: key } = await post(base, '/api/v1/me/api-keys', wish, cookie);
    const token = await fetch(new URL('/api/auth/token', base), { headers: { cookie } });
    const { token: jwt } = (await token.json()) as { token: string };
    const openUrl = new URL(`/api/v1/people/${PERSON.handle}`, base);
    const meUrl = new URL('/api/v1/me', base);
    const headersOf: Record<Way, Record<string, string>> = {
      'session cookie': { cookie },
      'access JWT': { authorization: `Bearer ${jwt}` },
      'API key': { authorization: `Bearer ${String(key.key)}` },
    };
    const open = () => load(openUrl, requestsPerRound, CONNECTIONS);
    const known = (way: Way) => load(meUrl, requestsPerRound, CONNECTIONS, headersOf[way]);
    await load(openUrl, WARM_UP, CONNECTIONS);
    for (const way of WAYS) await load(meUrl, WARM_UP, CONNECTIONS, headersOf[way]);
    const rounds: { open: Load; known: Record<Way, Load> }[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      rounds.push({
        open: await open(),
        known: {
          'session cookie': await known('session cookie'),
          'access JWT': await known('access JWT'),
          'API key': await known('API key'),
        },
      });
    }
    const middle = (loads: Load[]): Load => ({
      requestsPerSecond: median(loads.map(({ requestsPerSecond }) => requestsPerSecond)),
      p99Ms: median(loads.map(({ p99Ms }) => p99Ms)),
    });
    const figuresOf = (way: Way) => ({
      ...middle(rounds.map((round) => round.known[way])),
      ratio: median(rounds.map((round) => round.known[way].requestsPerSecond / round.open.requestsPerSecond)),
    });
    return {
      open: middle(rounds.map((round) => round.open)),
      known: {
        'session cookie': figuresOf('session cookie'),
        'access JWT': figuresOf('access JWT'),
        'API key': figuresOf('API key'),
      },
      signIn: { ...(await benchSignIn(base, openUrl)), firstMemoryMiB },
    };
  } finally {
    await platform.stop();
  }
}
