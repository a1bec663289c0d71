import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inRoot } from '../platform/paths.ts';
import { StartError } from './say.ts';

const LISTENING = /^listening (http:\/\/\S+) ffmpeg=(.+)$/;
const STOP_MS = 4_000;

/** A transcoder that runs beside the Workers. */
export interface LocalTranscoder {
  url: string;
  /** Which FFmpeg it found, in words. */
  ffmpeg: string;
  /** Resolves when it ends by itself, with how. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts the transcoder on a free port and returns once it listens. */
export async function startTranscoder(
  onOutput: (line: string) => void,
  env: Record<string, string> = {},
): Promise<LocalTranscoder> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', inRoot('transcoder/src/main.ts')],
    {
      // Held open by us: when we die, however we die, it closes, and the transcoder ends itself.
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HOST: '127.0.0.1', PORT: '0', EXIT_WITH_STDIN: '1', ...env },
    },
  );
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
  });
  const lastLines: string[] = [];
  const listening = new Promise<[url: string, ffmpeg: string]>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        const [, url, ffmpeg] = LISTENING.exec(line) ?? [];
        if (url !== undefined && ffmpeg !== undefined) resolve([url, ffmpeg]);
        lastLines.push(line);
        if (lastLines.length > 3) lastLines.shift();
        onOutput(line);
      });
    }
  });
  const failed = ended.then((how) => {
    throw new StartError(`The transcoder did not start (${how}). ${lastLines.join(' ')}`);
  });
  const [url, ffmpeg] = await Promise.race([listening, failed]);
  // From here on its end is told by `ended`.
  failed.catch(() => undefined);
  return { url, ffmpeg, ended, stop: () => stopChild(child, ended) };
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  // The first signal would let running jobs finish; they are taken up again at the next start.
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
