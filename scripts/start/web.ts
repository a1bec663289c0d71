import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { V4WorkerOptions } from 'miniflare';
import { bundleTypes, isStale, runTool } from '../platform/bundle.ts';
import { inRoot } from '../platform/paths.ts';
import { API_WORKER } from '../platform/platform.ts';

const ASSETS = 'web/.svelte-kit/cloudflare';
const BUNDLE = 'web/.svelte-kit/bundle/_worker.js';

/** Builds the Pages app if it changed; returns the seconds it took, 0 where there was nothing to do. */
export async function buildWeb(): Promise<number> {
  const startedMs = Date.now();
  const sources = [
    'web/src',
    'web/static',
    'web/_headers',
    'web/package.json',
    'web/svelte.config.js',
    'web/vite.config.ts',
    'worker/src',
  ];
  // Whoever ran Vite by hand has new assets beside a bundle that names the old ones.
  const isBuiltApart = (await modifiedMs(`${ASSETS}/_worker.js`)) > (await modifiedMs(BUNDLE));
  if (!isBuiltApart && !(await isStale(BUNDLE, sources))) return 0;
  await bundleTypes();
  await runTool('vite/bin/vite.js', ['build'], 'web');
  await runTool(
    'wrangler/bin/wrangler.js',
    [
      'pages',
      'functions',
      'build',
      '--build-output-directory=.svelte-kit/cloudflare',
      '--outdir=.svelte-kit/bundle',
    ],
    'web',
  );
  return (Date.now() - startedMs) / 1000;
}

async function modifiedMs(path: string): Promise<number> {
  return (await stat(inRoot(path)).catch(() => null))?.mtimeMs ?? 0;
}

/** Returns the built Pages app as a Worker that answers requests first and knows the API by its binding. */
export async function webWorker(): Promise<V4WorkerOptions> {
  const scriptPath = inRoot(BUNDLE);
  await stat(scriptPath);
  return {
    name: 'melro-web',
    modules: true,
    modulesRoot: dirname(scriptPath),
    scriptPath,
    compatibilityDate: '2026-10-01',
    compatibilityFlags: ['nodejs_als'],
    serviceBindings: { API: API_WORKER },
    assets: {
      directory: inRoot(ASSETS),
      binding: 'ASSETS',
      routerConfig: { has_user_worker: true },
      assetConfig: { html_handling: 'auto-trailing-slash', not_found_handling: 'none' },
    },
  };
}
