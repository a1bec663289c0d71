/** Finds the ffmpeg to use: the one on PATH, or the embedded one that comes with npm. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type FfmpegKind = 'native' | 'embedded';
export type FfmpegTool = 'ffmpeg' | 'ffprobe';

/** An ffmpeg that can be started. */
export interface Ffmpeg {
  kind: FfmpegKind;
  version: string;
  /** @returns program and leading arguments that run a tool on the source in `folder`. */
  command(tool: FfmpegTool, folder: string): [string, ...string[]];
}

/** The oldest release line whose encoders and filters behave as the tests say. */
const OLDEST_MAJOR_VERSION = 5;
const VERSION_TIMEOUT_MS = 20_000;
const EMBEDDED_HEAP_MB = 256;

/**
 * @param wanted `auto` prefers the native one where it is there and fit.
 * @param path the PATH to search.
 * @throws a one-line reason where the wanted kind cannot be had.
 */
export async function locateFfmpeg(wanted: 'auto' | FfmpegKind, path: string): Promise<Ffmpeg> {
  if (wanted === 'embedded') return embeddedFfmpeg();
  const native = await nativeFfmpeg(path);
  if (typeof native !== 'string') return native;
  if (wanted === 'native') throw new Error(`FFMPEG=native, but ${native}`);
  return embeddedFfmpeg();
}

function findProgram(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, process.platform === 'win32' ? `${name}.exe` : name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** @returns the native ffmpeg, or the reason why there is none. */
async function nativeFfmpeg(path: string): Promise<Ffmpeg | string> {
  const ffmpeg = findProgram('ffmpeg', path);
  const ffprobe = findProgram('ffprobe', path);
  if (!ffmpeg || !ffprobe) return 'ffmpeg and ffprobe are not both on PATH';
  let version: string;
  try {
    version = await readVersion([ffmpeg]);
  } catch (error) {
    return `${ffmpeg} does not start (${error instanceof Error ? error.message.split('\n')[0] : error})`;
  }
  // Development builds are numbered by revision (N-12345) and newer than any release.
  if (Number.parseInt(version, 10) < OLDEST_MAJOR_VERSION) {
    return `${ffmpeg} is version ${version}; ${OLDEST_MAJOR_VERSION}.0 is the oldest that works`;
  }
  return { kind: 'native', version, command: (tool) => [tool === 'ffmpeg' ? ffmpeg : ffprobe] };
}

async function embeddedFfmpeg(): Promise<Ffmpeg> {
  const script = fileURLToPath(new URL('embedded-ffmpeg.ts', import.meta.url));
  const core = dirname(fileURLToPath(import.meta.resolve('@ffmpeg/core')));
  const command: Ffmpeg['command'] = (tool, folder) => [
    process.execPath,
    `--max-old-space-size=${EMBEDDED_HEAP_MB}`,
    '--disable-warning=ExperimentalWarning',
    // Node's permission model: read these places, write nowhere, start nothing.
    '--permission',
    ...[dirname(script), dirname(dirname(core)), folder].map((place) => `--allow-fs-read=${place}`),
    script,
    core,
    tool,
  ];
  try {
    return { kind: 'embedded', version: await readVersion(command('ffmpeg', dirname(script))), command };
  } catch (error) {
    const reason = error instanceof Error ? /^Error: .+$/m.exec(error.message)?.[0] : undefined;
    throw new Error(`the embedded ffmpeg does not start (${reason ?? 'no reason given'})`);
  }
}

async function readVersion([program, ...leading]: readonly [string, ...string[]]): Promise<string> {
  const { stdout } = await run(program, [...leading, '-version'], { timeout: VERSION_TIMEOUT_MS, env: {} });
  const version = /^ffmpeg version (\S+)/m.exec(stdout)?.[1];
  if (!version) throw new Error('it does not say its version');
  return version;
}
