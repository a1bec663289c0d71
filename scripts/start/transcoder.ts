import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inRoot } from '../platform/paths.ts';
import { StartError } from './say.ts';

const LISTENING = /^listening (http:\/\/\S+) ffmpeg=(.+)$/;
const HURRY_MS = 200;
const FORCE_MS = 3_000;

/** A transcoder that runs beside the Workers. */
export interface LocalTranscoder {
  url: string;
  /** Which FFmpeg it found: `native VERSION` or `embedded VERSION`. */
  ffmpeg: string;
  pid(): number;
  /** Resolves when it ends without having been told to, with how. */
  ended: Promise<string>;
  /** Ends it and starts a new one at the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  child: ChildProcess;
  url: string;
  ffmpeg: string;
  exited: Promise<string>;
}

async function launch(
  port: number,
  onOutput: (line: string) => void,
  env: Record<string, string>,
): Promise<Running> {
  const child = spawn(process.execPath, [inRoot('transcoder/src/main.ts')], {
    // Held open by us: when we die, however we die, it closes, and the transcoder ends itself.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), EXIT_WITH_STDIN: '1', ...env },
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
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
  const failed = exited.then((how) => {
    throw new StartError(`The transcoder did not start (${how}). ${lastLines.join(' ')}`);
  });
  const [url, ffmpeg] = await Promise.race([listening, failed]);
  // From here on its end is told by `exited`.
  failed.catch(() => undefined);
  return { child, url, ffmpeg, exited };
}

/** Starts the transcoder on a free port and returns once it listens. Throws StartError when it does not. */
export async function startTranscoder(
  onOutput: (line: string) => void,
  env: Record<string, string> = {},
): Promise<LocalTranscoder> {
  let running = await launch(0, onOutput, env);
  let isWanted = true;
  let tellEnd: (how: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => {
    tellEnd = resolve;
  });
  const watchOver = (one: Running) =>
    void one.exited.then((how) => isWanted && one === running && tellEnd(how));
  watchOver(running);
  const { url, ffmpeg } = running;
  return {
    url,
    ffmpeg,
    pid: () => running.child.pid ?? 0,
    ended,
    restart: async () => {
      isWanted = false;
      await stopChild(running);
      running = await launch(Number(new URL(url).port), onOutput, env);
      isWanted = true;
      watchOver(running);
    },
    stop: () => {
      isWanted = false;
      return stopChild(running);
    },
  };
}

async function stopChild({ child, exited }: Running): Promise<void> {
  child.kill('SIGTERM');
  // The first signal lets running jobs finish. We do not wait for them: the next start takes them up again.
  const hurry = setTimeout(() => child.kill('SIGTERM'), HURRY_MS);
  const force = setTimeout(() => child.kill('SIGKILL'), FORCE_MS);
  await exited;
  clearTimeout(hurry);
  clearTimeout(force);
}
