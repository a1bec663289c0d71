/** Runs one ffmpeg or ffprobe under limits, and hands its output pipes to readers. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { resourceLimit } from './failures.ts';
import type { Ffmpeg, FfmpegTool } from './ffmpeg-locate.ts';

/** Takes a piece of output; while what it returns is pending the program waits. */
export type ChunkReader = (chunk: Uint8Array) => void | Promise<void>;

/** What a run may use. */
export interface Limits {
  cpuSeconds: number;
  /** Address space in bytes; held for native programs only, WebAssembly brings its own bound of 2 GiB. */
  memoryBytes: number;
}

export interface RunRequest {
  tool: FfmpegTool;
  args: readonly string[];
  /** The job's folder: working directory and the only place that is read. */
  folder: string;
  limits: Limits;
  signal: AbortSignal;
  /** Readers for descriptor 3, 4, … */
  readers?: readonly ChunkReader[];
  /** Reader for standard output, dropped without one. */
  onStandardOutput?: ChunkReader;
}

export interface RunResult {
  exitCode: number;
  /** The last part of standard error. */
  log: string;
}

const MAX_LOG_CHARACTERS = 64 * 1024;

/**
 * @returns when the program has ended and every byte of its output has been read.
 * @throws FileFault `resource_limit` where it used up its CPU time or crashed for memory.
 * @throws the signal's reason where it was aborted, a reader's error, or an Error where the program was
 * killed from outside; in every case the program is dead by then.
 */
export async function runFfmpeg(ffmpeg: Ffmpeg, request: RunRequest): Promise<RunResult> {
  const { signal, readers = [] } = request;
  signal.throwIfAborted();
  const [program, ...args] = limitedCommand(ffmpeg, request);
  const child = spawn(program, args, {
    cwd: request.folder,
    env: {},
    stdio: [
      'ignore',
      request.onStandardOutput ? 'pipe' : 'ignore',
      'pipe',
      ...readers.map(() => 'pipe' as const),
    ],
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', kill, { once: true });
  let log = '';
  const keepLog = (chunk: Uint8Array): void => {
    log = (log + Buffer.from(chunk).toString('utf8')).slice(-MAX_LOG_CHARACTERS);
  };
  try {
    const ended = new Promise<{ code: number | null; killedBy: string | null }>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killedBy) => resolve({ code, killedBy }));
    });
    const [{ code, killedBy }] = await Promise.all([
      ended,
      drain(child, 2, keepLog),
      ...(request.onStandardOutput ? [drain(child, 1, request.onStandardOutput)] : []),
      ...readers.map((reader, position) => drain(child, 3 + position, reader)),
    ]);
    signal.throwIfAborted();
    const isOutOfMemory = code !== 0 && /Cannot allocate memory|std::bad_alloc/.test(log);
    if (killedBy === 'SIGXCPU' || isOutOfMemory) throw resourceLimit();
    if (killedBy === 'SIGKILL') throw new Error(`${request.tool} was killed from outside`);
    // Any other signal is a crash that this file causes; as an exit code it reads like an error.
    return { exitCode: code ?? 1, log };
  } catch (error) {
    // What follows from the abort (broken pipes, a killed child) is not worth telling.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

/**
 * Reads a descriptor to its end. Chunks are taken as they come: an async iterator would copy several small ones
 * into one large, and cost more than what is done with them.
 */
function drain(child: ChildProcess, descriptor: number, reader: ChunkReader): Promise<void> {
  const stream = child.stdio[descriptor] as Readable | null | undefined;
  if (!stream) throw new Error(`descriptor ${descriptor} is not open`);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      stream.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    stream.once('error', fail);
    stream.once('end', resolve);
    // After a kill the end may never be read; what the job then fails with is decided elsewhere.
    stream.once('close', resolve);
    stream.on('data', (chunk: Uint8Array) => {
      try {
        const busy = reader(chunk);
        if (!busy) return;
        stream.pause();
        busy.then(() => stream.resume(), fail);
      } catch (error) {
        fail(error);
      }
    });
  });
}

/**
 * The limits are set by a shell that then becomes the program: CPU time (first SIGXCPU, so that it can be
 * told from other kills), address space, no files written, no core dumps.
 */
function limitedCommand(ffmpeg: Ffmpeg, request: RunRequest): [string, ...string[]] {
  const command = [...ffmpeg.command(request.tool, request.folder), ...request.args];
  const { cpuSeconds, memoryBytes } = request.limits;
  if (process.platform === 'win32') {
    const [program = '', ...args] = command;
    return [program, ...args];
  }
  const limits = [
    `ulimit -S -t ${cpuSeconds}`,
    `ulimit -H -t ${cpuSeconds + 5}`,
    'ulimit -f 0',
    'ulimit -c 0',
  ];
  if (ffmpeg.kind === 'native' && process.platform === 'linux') {
    limits.push(`ulimit -v ${Math.floor(memoryBytes / 1024)}`);
  }
  return ['/bin/sh', '-c', `${limits.join(' && ')} && exec "$@"`, 'sh', ...command];
}
