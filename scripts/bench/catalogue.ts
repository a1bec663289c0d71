import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createRandom } from '../demo/synth/random.ts';
import { databaseFileIn, fillInstallation } from '../generate/installation.ts';
import { bundleWorker } from '../platform/bundle.ts';
import { inRoot } from '../platform/paths.ts';
import { API_WORKER, type PlatformOptions, startPlatform } from '../platform/platform.ts';
import { newAuthSecrets, newMediaKeys } from '../start/data-folder.ts';
import { type Times, timeEach } from './load.ts';

/** A page, with addresses of many like it: popular ones, others, and pages far down a list. */
interface Page {
  what: string;
  paths: string[];
}

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
  });
  await writeFile(join(folder, 'filled'), '');
  return folder;
}

/** Returns what to ask for, from the rows that are there. */
function pagesOf(path: string, count: number): Page[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const random = createRandom('pages');
  const all = (sql: string) => db.prepare(sql).all() as Record<string, string | number>[];
  // Every other one is among the hundred that have most: that is where a page costs most.
  const some = (
    rows: Record<string, string | number>[],
    form: (row: Record<string, string | number>) => string,
  ) => Array.from({ length: count }, (_, i) => form(random.pick(i % 2 === 0 ? rows.slice(0, 100) : rows)));
  const artists = all(
    `SELECT a.slug, a.id, count(*) AS n, min(r.listed_at_ms) AS ms FROM artists a JOIN releases r ON r.artist_id = a.id
     GROUP BY a.id ORDER BY n DESC`,
  );
  const releases = all(
    `SELECT r.id, r.slug, a.slug AS artist, r.listed_at_ms AS ms FROM releases r JOIN artists a ON a.id = r.artist_id
     ORDER BY r.track_count DESC`,
  );
  const tracks = all('SELECT id, listed_at_ms AS ms FROM tracks ORDER BY play_count DESC LIMIT 20000');
  const labels = all('SELECT kind, slug FROM labels ORDER BY release_count DESC');
  const genres = labels.filter(({ kind }) => kind === 'genre');
  const tags = labels.filter(({ kind }) => kind === 'tag');
  const credited = all(
    'SELECT artist_id AS id, count(*) AS n FROM credits WHERE artist_id IS NOT NULL GROUP BY 1 ORDER BY n DESC',
  );
  db.close();
  const kinds = ['album', 'ep', 'single'];
  const at = (row: Record<string, string | number>) => `cursor=${row.ms}~${row.id}`;
  return [
    { what: 'home', paths: some(artists, () => '/api/v1/home') },
    { what: 'artist, by slug', paths: some(artists, ({ slug }) => `/api/v1/artists/${slug}`) },
    { what: 'artist’s releases', paths: some(artists, ({ slug }) => `/api/v1/artists/${slug}/releases`) },
    {
      what: 'artist’s releases of one kind',
      paths: some(artists, ({ slug }) => `/api/v1/artists/${slug}/releases?kind=${random.pick(kinds)}`),
    },
    { what: 'artist’s popular tracks', paths: some(artists, ({ slug }) => `/api/v1/artists/${slug}/tracks`) },
    { what: 'artist’s appearances', paths: some(credited, ({ id }) => `/api/v1/artists/${id}/appearances`) },
    { what: 'release, by id', paths: some(releases, ({ id }) => `/api/v1/releases/${id}`) },
    {
      what: 'release, by slugs',
      paths: some(releases, ({ artist, slug }) => `/api/v1/artists/${artist}/releases/${slug}`),
    },
    { what: 'new releases, first page', paths: some(releases, () => '/api/v1/releases?sort=new') },
    { what: 'new releases, anywhere', paths: some(releases, (row) => `/api/v1/releases?${at(row)}`) },
    { what: 'track', paths: some(tracks, ({ id }) => `/api/v1/tracks/${id}`) },
    { what: 'tracks, newest first, anywhere', paths: some(tracks, (row) => `/api/v1/tracks?${at(row)}`) },
    { what: 'genres', paths: some(genres, () => '/api/v1/genres') },
    { what: 'tags', paths: some(genres, () => '/api/v1/tags') },
    { what: 'releases of a genre', paths: some(genres, ({ slug }) => `/api/v1/genres/${slug}/releases`) },
    {
      what: 'releases of a genre, anywhere',
      paths: some(genres, ({ slug }) => `/api/v1/genres/${slug}/releases?${at(random.pick(releases))}`),
    },
    { what: 'releases of a tag', paths: some(tags, ({ slug }) => `/api/v1/tags/${slug}/releases`) },
  ];
}

function platformOptions(dataDir: string): PlatformOptions {
  return {
    dataDir,
    port: 0,
    transcoderUrl: 'http://127.0.0.1:9',
    mediaKeys: newMediaKeys(),
    authSecrets: newAuthSecrets(),
    logLevel: 'silent',
    isDirect: true,
    rateLimitFactor: RATE_LIMIT_FACTOR,
    // Every answer is made from the database.
    settings: { ANSWER_CACHE_SECONDS: '0' },
  };
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
    for (const { paths } of pages) {
      await timeEach(urls(paths.slice(0, WARM_UP)));
      times.push(await timeEach(urls(paths)));
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
    for (const { what, paths } of pages) {
      let most = { queries: 0, rowsRead: 0 };
      for (const path of paths.slice(0, COUNTED)) {
        const counted = (await (await fetch(new URL(path, base))).json()) as CountedQueries;
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
 * Times every public page and list of a generated catalogue with nothing cached, one request after the other, beside a
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
