import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseFileIn, fillInstallation } from '../generate/installation.ts';
import { bundleWorker } from '../platform/bundle.ts';
import { inRoot } from '../platform/paths.ts';
import { API_WORKER, type PlatformOptions, startPlatform } from '../platform/platform.ts';
import { newAuthSecrets, newMediaKeys } from '../start/data-folder.ts';
import { type Times, timeEach } from './load.ts';
import { LISTENER_ID, type Page, pagesOf } from './pages.ts';

/** What a page costs that no cache helps. */
export interface PageFigures extends Times {
  what: string;
  /** The most that one of them asked of the database. */
  queries: number;
  rowsRead: number;
}

interface CountedQueries {
  status: number;
  queries: { sql: string; rowsRead: number }[];
}

/** Says that the listener is asking. */
const TOKEN = randomBytes(32).toString('base64url');
const ACCESS_TOKENS = JSON.stringify([
  { id: LISTENER_ID, role: 'listener', sha256: createHash('sha256').update(TOKEN).digest('hex') },
]);

const RATE_LIMIT_FACTOR = 10_000;
const WARM_UP = 50;
/** Of each page so many are asked for what they cost the database: that is the same every time. */
const COUNTED = 60;

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Returns the folder of a catalogue of this size; made once, because that takes as long as the measuring. */
async function filledFolder(tracks: number): Promise<string> {
  const names = await readdir(inRoot('migrations'));
  const newest =
    names
      .filter((name) => name.endsWith('.sql'))
      .toSorted()
      .at(-1) ?? '';
  const folder = inRoot(`.wrangler/bench/${tracks}-${newest.slice(0, 4)}`);
  if (await isThere(join(folder, 'filled'))) return folder;
  await rm(folder, { recursive: true, force: true });
  await fillInstallation(folder, {
    tracks,
    releases: Math.ceil(tracks / 5),
    artists: Math.ceil(tracks / 10),
    plays: tracks * 20,
    people: Math.ceil(tracks / 100),
    seed: 'bench',
    nowMs: Date.now(),
    firstPersonId: LISTENER_ID,
  });
  await writeFile(join(folder, 'filled'), '');
  return folder;
}

function platformOptions(dataDir: string): PlatformOptions {
  return {
    dataDir,
    port: 0,
    transcoderUrl: 'http://127.0.0.1:9',
    mediaKeys: newMediaKeys(),
    authSecrets: newAuthSecrets(),
    accessTokens: ACCESS_TOKENS,
    logLevel: 'silent',
    isDirect: true,
    rateLimitFactor: RATE_LIMIT_FACTOR,
    // Every answer is made from the database.
    settings: { ANSWER_CACHE_SECONDS: '0' },
  };
}

function headersOf({ isOwn = false }: Page): Record<string, string> {
  return isOwn ? { authorization: `Bearer ${TOKEN}` } : {};
}

async function timesOf(dataDir: string, pages: Page[]) {
  const platform = await startPlatform(platformOptions(dataDir));
  try {
    const base = await platform.miniflare.unsafeGetDirectURL(API_WORKER);
    const urls = (paths: string[]) => paths.map((path) => new URL(path, base));
    const [genre] = pages.find(({ what }) => what === 'releases of a genre')?.paths ?? [];
    const oneRow = urls(pages[0]?.paths.map(() => (genre ?? '').replace('/releases', '')) ?? []);
    await timeEach(oneRow.slice(0, WARM_UP));
    const reference = await timeEach(oneRow);
    const times: Times[] = [];
    for (const page of pages) {
      await timeEach(urls(page.paths.slice(0, WARM_UP)), headersOf(page));
      times.push(await timeEach(urls(page.paths), headersOf(page)));
    }
    return { reference, times };
  } finally {
    await platform.stop();
  }
}

/** Returns for each page the most queries and the most rows that one of them read, by D1's own count. */
async function costsOf(dataDir: string, pages: Page[]) {
  const apiScript = await bundleWorker('worker/test/bench/worker-queries.ts', 'queries');
  const platform = await startPlatform({ ...platformOptions(dataDir), apiScript });
  try {
    const base = await platform.miniflare.unsafeGetDirectURL(API_WORKER);
    const costs: { queries: number; rowsRead: number }[] = [];
    for (const page of pages) {
      const { what, paths } = page;
      const headers = headersOf(page);
      let most = { queries: 0, rowsRead: 0 };
      for (const path of paths.slice(0, COUNTED)) {
        const counted = (await (await fetch(new URL(path, base), { headers })).json()) as CountedQueries;
        if (counted.status !== 200) throw new Error(`${what}: ${path} answered ${counted.status}`);
        const rowsRead = counted.queries.reduce((sum, query) => sum + query.rowsRead, 0);
        most = {
          queries: Math.max(most.queries, counted.queries.length),
          rowsRead: Math.max(most.rowsRead, rowsRead),
        };
      }
      costs.push(most);
    }
    return costs;
  } finally {
    await platform.stop();
  }
}

/**
 * Times every public page and list of a generated catalogue, and those of the person who has collected most, with nothing cached, one request after the other, beside a
 * genre: one row by its key. What they cost the database is counted apart, for counting takes time.
 */
export async function benchCatalogue(
  tracks: number,
  requests: number,
): Promise<{ tracks: number; reference: Times; pages: PageFigures[] }> {
  const dataDir = await filledFolder(tracks);
  const pages = pagesOf(await databaseFileIn(dataDir), Math.ceil(requests / 10));
  const { reference, times } = await timesOf(dataDir, pages);
  const costs = await costsOf(dataDir, pages);
  const figures = pages.map(({ what }, i) => ({
    what,
    ...(times[i] ?? { p50Ms: Number.NaN, p99Ms: Number.NaN }),
    ...(costs[i] ?? { queries: Number.NaN, rowsRead: Number.NaN }),
  }));
  return {
    tracks,
    reference,
    pages: [{ what: 'one row by its key (a genre)', ...reference, queries: 1, rowsRead: 1 }, ...figures],
  };
}
