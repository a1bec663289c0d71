/** Runs the very ffmpegs under test to make other formats and to decode results. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Loudness } from '../../src/contract.ts';
import { type Ffmpeg, type FfmpegKind, locateFfmpeg } from '../../src/ffmpeg-locate.ts';
import { runFfmpeg } from '../../src/ffmpeg-process.ts';
import { SOURCE_FILE_NAME } from '../../src/source-file.ts';

const TOOL_LIMITS = { cpuSeconds: 120, memoryBytes: 4 * 1024 ** 3 };

/** The embedded one is always there; a native one only where the machine has it. */
export async function availableKinds(): Promise<FfmpegKind[]> {
  const found = await locateFfmpeg('auto', process.env.PATH ?? '');
  return found.kind === 'native' ? ['native', 'embedded'] : ['embedded'];
}

/** The faster one of those that are there: for making and checking things, not for being tested. */
export const tool: Ffmpeg = await locateFfmpeg('auto', process.env.PATH ?? '');

interface Run {
  output: Buffer;
  log: string;
}

async function run(
  input: Uint8Array,
  logLevel: 'error' | 'info',
  outputArgs: readonly string[],
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'melro-test-'));
  try {
    await writeFile(join(folder, SOURCE_FILE_NAME), input);
    const chunks: Uint8Array[] = [];
    const { exitCode, log } = await runFfmpeg(tool, {
      tool: 'ffmpeg',
      args: [
        '-nostdin',
        '-hide_banner',
        '-loglevel',
        logLevel,
        '-i',
        `file:${SOURCE_FILE_NAME}`,
        ...outputArgs,
        'pipe:3',
      ],
      folder,
      limits: TOOL_LIMITS,
      signal: AbortSignal.timeout(80_000),
      readers: [(chunk) => void chunks.push(chunk)],
    });
    if (exitCode !== 0) throw new Error(`ffmpeg failed: ${log}`);
    return { output: Buffer.concat(chunks), log };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns what ffmpeg makes of `input` with these output arguments. @throws where it fails. */
export async function convert(input: Uint8Array, ...outputArgs: readonly string[]): Promise<Buffer> {
  return (await run(input, 'error', outputArgs)).output;
}

/** @returns EBU R128 figures as ffmpeg's own filter measures them, to a tenth. */
export async function measureLoudness(input: Uint8Array): Promise<Loudness> {
  const { log } = await run(input, 'info', ['-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null']);
  const summary = log.slice(log.lastIndexOf('Summary:'));
  const figure = (pattern: RegExp): number => Number(pattern.exec(summary)?.[1]);
  return {
    integratedLufs: figure(/\bI: +(\S+) LUFS/),
    rangeLu: figure(/\bLRA: +(\S+) LU/),
    truePeakDbtp: figure(/\bPeak: +(\S+) dBFS/),
  };
}

/** @returns decoded samples, interleaved, from -1 to 1. */
export async function decode(input: Uint8Array): Promise<Float32Array> {
  const bytes = await convert(input, '-map', '0:a:0', '-c:a', 'pcm_f32le', '-f', 'f32le');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
