import { spawn } from 'node:child_process';
import { descendantsOf } from './processes.ts';

/** Waits for its standard input to close, which it does however we end, then ends whom the lines named. */
const WATCH = `
  let text = '';
  process.stdin.setEncoding('utf8').on('data', (more) => { text += more; }).on('end', () => {
    for (const pid of text.split('\\n').filter(Boolean)) {
      try { process.kill(Number(pid), 'SIGKILL'); } catch { /* it has ended by itself */ }
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
`;

/** Has every process that descends from this one ended when this one is killed: workerd would live on. */
export function watchOverParts(): void {
  const parts = descendantsOf(process.pid);
  const watchdog = spawn(process.execPath, ['-e', WATCH], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.stdin?.write(`${parts.join('\n')}\n`);
  watchdog.unref();
}
