/** Folders that hold one original each while it is being transcoded. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Names tell which process owns a folder, so that another start can tell a stale one. */
const FOLDER_NAME = /^job-(\d+)-[0-9a-f]+$/;

function parentFolder(workFolder: string): string {
  return join(workFolder, 'tmp');
}

/** @returns the path of a new, empty folder that only this user may enter. */
export async function createJobFolder(workFolder: string): Promise<string> {
  const folder = join(parentFolder(workFolder), `job-${process.pid}-${randomBytes(8).toString('hex')}`);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

export async function removeJobFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Makes the place for job folders and removes those that a crash has left behind.
 * @returns how many were removed. @throws where the place cannot be written.
 */
export async function prepareWorkFolder(workFolder: string): Promise<number> {
  const parent = parentFolder(workFolder);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const stale = (await readdir(parent)).filter((name) => {
    const owner = FOLDER_NAME.exec(name)?.[1];
    return owner !== undefined && !isRunning(Number(owner));
  });
  await Promise.all(stale.map((name) => removeJobFolder(join(parent, name))));
  return stale.length;
}

/** Folders of this very process id are stale too: at the start of a process it owns none. */
function isRunning(processId: number): boolean {
  if (processId === process.pid) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
