/** Prints how much JavaScript each kind of page loads (gzip, KB) and fails where it is more than the budget. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const CLIENT = join(import.meta.dirname, '../.svelte-kit/output/client');
const KB = 1000;

/** What Vite says of a chunk. */
interface Chunk {
  file: string;
  src?: string;
  imports?: string[];
  css?: string[];
}
type Manifest = Record<string, Chunk>;

/** A kind of page: its SvelteKit nodes beside the shell's, and how much it may load. */
interface Budget {
  name: string;
  routes: string[];
  limitKb: number;
}

const BUDGETS: Budget[] = [
  { name: 'shell', routes: [], limitKb: 60 },
  { name: 'listener: home', routes: ['src/routes/+page'], limitKb: 90 },
  { name: 'listener: artist', routes: ['src/routes/artist/[slug]/+page'], limitKb: 90 },
  { name: 'listener: release', routes: ['src/routes/artist/[slug]/[releaseSlug]/+page'], limitKb: 90 },
  { name: 'listener: genre', routes: ['src/routes/genre/[slug]/+page'], limitKb: 90 },
  { name: 'listener: track', routes: ['src/routes/track/[trackId]/+page'], limitKb: 90 },
  { name: 'studio', routes: ['src/routes/studio/+layout', 'src/routes/studio/+page'], limitKb: 160 },
  {
    name: 'studio: release',
    routes: ['src/routes/studio/+layout', 'src/routes/studio/releases/[releaseId]/+page'],
    limitKb: 160,
  },
  {
    name: 'studio: artist',
    routes: ['src/routes/studio/+layout', 'src/routes/studio/artists/[artistId]/+page'],
    limitKb: 160,
  },
];
const CSS_LIMIT_KB = 15;

/** The manifest's keys of a chunk and of everything that it imports at once. */
function withImports(manifest: Manifest, key: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (chunk === undefined || found.has(key)) return found;
  found.add(key);
  for (const imported of chunk.imports ?? []) withImports(manifest, imported, found);
  return found;
}

async function gzipKb(files: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(join(CLIENT, file)), { level: 9 }).byteLength;
  return bytes / KB;
}

/** Returns the keys of the generated nodes that show these source files: `load` and component are one node. */
async function nodesOf(manifest: Manifest, routes: readonly string[]): Promise<string[]> {
  const folder = join(import.meta.dirname, '../.svelte-kit/generated/client-optimized/nodes');
  const nodes: string[] = [];
  for (const file of await readdir(folder)) {
    const source = await readFile(join(folder, file), 'utf8');
    if (!routes.some((route) => source.includes(`/${route}.`))) continue;
    const key = Object.keys(manifest).find((name) => name.endsWith(`client-optimized/nodes/${file}`));
    if (key !== undefined) nodes.push(key);
  }
  return nodes;
}

const manifest: Manifest = JSON.parse(await readFile(join(CLIENT, '.vite/manifest.json'), 'utf8'));
const entries = Object.keys(manifest).filter((key) =>
  /\/(?:client\/entry|client-optimized\/app)\.js$/.test(key),
);
const shell = [...entries, ...(await nodesOf(manifest, ['src/routes/+layout', 'src/routes/+error']))];

const rows = [];
for (const { name, routes, limitKb } of BUDGETS) {
  const keys = new Set<string>();
  for (const key of [...shell, ...(await nodesOf(manifest, routes))]) withImports(manifest, key, keys);
  const chunks = [...keys].flatMap((key) => manifest[key] ?? []);
  const jsKb = await gzipKb(new Set(chunks.map(({ file }) => file)));
  const cssKb = await gzipKb(new Set(chunks.flatMap(({ css }) => css ?? [])));
  const isOver = jsKb > limitKb || cssKb > CSS_LIMIT_KB;
  rows.push({ page: name, js: jsKb.toFixed(1), limit: limitKb, css: cssKb.toFixed(1), isOver });
}

const hls = Object.values(manifest).find(({ src }) => src?.endsWith('player/hls-engine.ts'));
if (hls !== undefined) {
  rows.push({
    page: 'hls.js (lazy)',
    js: (await gzipKb([hls.file])).toFixed(1),
    limit: '-',
    css: '-',
    isOver: false,
  });
}
console.table(rows);
if (rows.some(({ isOver }) => isOver)) {
  console.error('A page loads more than its budget allows.');
  process.exitCode = 1;
}
