import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Linux counts process times in hundredths of a second (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Returns the CPU seconds that a process and its ended children have used, from /proc (Linux only). */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name may hold spaces; the fields after it may not. 14 to 17 are utime, stime, cutime, cstime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

/** Runs a command to its end and returns the CPU and wall seconds it took. Throws when it fails. */
export async function timeCommand(
  command: string,
  args: string[],
): Promise<{ cpuSeconds: number; wallSeconds: number }> {
  const startedMs = performance.now();
  // `times` of the shell tells what its children used; Node itself cannot.
  const shell = spawn('sh', ['-c', '"$@" >/dev/null 2>&1 || exit 1; times', 'sh', command, ...args]);
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve) => shell.once('close', resolve));
  if (code !== 0) throw new Error(`${command} failed`);
  const children = output.trim().split('\n').at(-1) ?? '';
  const cpuSeconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { cpuSeconds, wallSeconds: (performance.now() - startedMs) / 1000 };
}
