import { execFile } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { OFFLINE_ENV } from './offline.ts';
import { inRoot } from './paths.ts';

const run = promisify(execFile);

async function newestMs(path: string): Promise<number> {
  const own = await stat(path).catch(() => null);
  if (own === null) return 0;
  if (!own.isDirectory()) return own.mtimeMs;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && !/\/(node_modules|dist|\.svelte-kit)(\/|$)/.test(entry.parentPath),
  );
  const times = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs),
  );
  return Math.max(0, ...times);
}

/** True where `output` is older than anything it is made of. */
export async function isStale(output: string, sources: string[]): Promise<boolean> {
  const built = (await stat(inRoot(output)).catch(() => null))?.mtimeMs ?? 0;
  const newest = await Promise.all(sources.map((source) => newestMs(inRoot(source))));
  return Math.max(...newest) > built;
}

/** Runs one of the repository's tools; throws with what it said when it fails. */
export async function runTool(tool: string, args: string[], cwd = '.'): Promise<void> {
  try {
    await run(process.execPath, [inRoot(`node_modules/${tool}`), ...args], {
      cwd: inRoot(cwd),
      env: { ...process.env, ...OFFLINE_ENV },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${tool} ${args.join(' ')} failed:\n${stdout}${stderr}`.trim(), { cause: error });
  }
}

const API_BUNDLE = 'worker/dist/index.js';

/** Bundles the API Worker as a deploy would, if it changed; returns the bundle's path. */
export async function bundleApi(): Promise<string> {
  const sources = [
    'worker/src',
    'durable-objects/src',
    'transcoder/src/contract.ts',
    'wrangler.toml',
    'package-lock.json',
  ];
  if (await isStale(API_BUNDLE, sources)) {
    await mkdir(inRoot('worker/dist'), { recursive: true });
    await runTool('wrangler/bin/wrangler.js', [
      'deploy',
      '--dry-run',
      '--env=',
      '--containers-rollout=none',
      '--outdir=worker/dist',
    ]);
  }
  return inRoot(API_BUNDLE);
}

/** Bundles another Worker with the API's configuration into a folder under worker/dist; returns the bundle's path. */
export async function bundleWorker(main: string, name: string): Promise<string> {
  const outdir = `worker/dist/${name}`;
  await runTool('wrangler/bin/wrangler.js', [
    'deploy',
    main,
    '--dry-run',
    '--env=',
    '--containers-rollout=none',
    `--outdir=${outdir}`,
  ]);
  return inRoot(`${outdir}/${basename(main, '.ts')}.js`);
}

/** Emits the API's types, which the web app's client is made of. */
export function bundleTypes(): Promise<void> {
  return runTool('typescript/bin/tsc', ['-p', 'worker/tsconfig.types.json']);
}
