import { execFileSync } from 'node:child_process';

/** Returns the ids of every process that descends from `pid`, as the system lists them now. */
export function descendantsOf(pid: number): number[] {
  const pairs = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found: number[] = [];
  const look = (parent: number) => {
    for (const [own = 0, itsParent] of pairs) {
      if (itsParent !== parent) continue;
      found.push(own);
      look(own);
    }
  };
  look(pid);
  return found;
}

/** True while a process of this id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
