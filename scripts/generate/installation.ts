import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startPlatform } from '../platform/platform.ts';
import { newAuthSecrets, newMediaKeys } from '../start/data-folder.ts';
import type { Size } from './catalogue.ts';
import { type Filled, fill } from './fill.ts';

/** Returns the file in which a local installation keeps its D1 database. */
export async function databaseFileIn(dataDir: string): Promise<string> {
  const names = await readdir(dataDir, { recursive: true });
  for (const name of names.filter((one) => one.endsWith('.sqlite'))) {
    const path = join(dataDir, name);
    const db = new DatabaseSync(path, { readOnly: true });
    const table = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'd1_migrations'").get();
    db.close();
    if (table !== undefined) return path;
  }
  throw new Error(`there is no database in ${dataDir}`);
}

/**
 * Brings the database of a local installation up to date and fills it; returns what was made and how large the file is
 * then. Nothing else may use it meanwhile.
 */
export async function fillInstallation(
  dataDir: string,
  size: Size,
  onProgress?: (rows: number) => void,
): Promise<{ filled: Filled; bytes: number }> {
  const platform = await startPlatform({
    dataDir,
    port: 0,
    transcoderUrl: 'http://127.0.0.1:9',
    mediaKeys: newMediaKeys(),
    authSecrets: newAuthSecrets(),
    logLevel: 'silent',
  });
  await platform.stop();
  const path = await databaseFileIn(dataDir);
  const filled = fill(path, size, onProgress);
  return { filled, bytes: (await stat(path)).size };
}
