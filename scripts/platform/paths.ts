import { resolve } from 'node:path';

/** The folder of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Where the local installation keeps its data; `MELRO_DATA_DIR` moves it. */
export function dataDir(): string {
  return resolve(ROOT, process.env.MELRO_DATA_DIR ?? '.wrangler/state');
}

/** Returns a path within the repository. */
export function inRoot(path: string): string {
  return resolve(ROOT, path);
}
