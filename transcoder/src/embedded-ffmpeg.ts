/**
 * The embedded ffmpeg: a command that takes `ffmpeg` or `ffprobe` and then exactly the arguments of the
 * native program, and speaks the same pipes, so that one driver serves both.
 *
 * Usage: node embedded-ffmpeg.ts CORE_FOLDER ffmpeg|ffprobe ARGUMENTS…
 *
 * The program is ffmpeg.wasm (`@ffmpeg/core`). Its file system lives in memory and holds one file, the
 * `source` of the working directory, read piece by piece from the disk; whatever else a hostile file makes
 * ffmpeg ask for does not exist in there. Output pipes are devices that write to the descriptors this
 * process was started with.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SOURCE_FILE_NAME } from './source-file.ts';

/** The parts of Emscripten's file system that are used here; `@ffmpeg/core` ships no types. */
interface CoreStream {
  node: CoreNode;
  position: number;
}
interface CoreNode {
  usedBytes: number;
  stream_ops: Record<string, unknown>;
}
interface CoreFileSystem {
  makedev(major: number, minor: number): number;
  registerDevice(device: number, operations: Record<string, unknown>): void;
  mkdev(path: string, mode: number, device: number): void;
  open(path: string, flags: string): { fd: number };
  create(path: string, mode: number): CoreNode;
  ErrnoError: new (errno: number) => Error;
}
interface Core {
  FS: CoreFileSystem;
  HEAPU8?: Uint8Array;
  setLogger(logger: (entry: { type: 'stdout' | 'stderr'; message: string }) => void): void;
  /** Runs ffmpeg; the exit code, or -1 where it crashed. */
  exec(...args: string[]): number;
  /** The main function of ffprobe; returns its exit code. */
  _ffprobe(argumentCount: number, argumentPointers: number): number;
  DEFAULT_ARGS_FFPROBE: string[];
  stringsToPtr(strings: readonly string[]): number;
}
type CreateCore = (options: { mainScriptUrlOrBlob: string; wasmBinary: Uint8Array }) => Promise<Core>;

/** Emscripten's number for EIO. */
const WASI_EIO = 29;
const RETRY_PAUSE_MS = 2;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of `bytes` to a descriptor of this process, waiting where the pipe is full. */
function writeFully(descriptor: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(descriptor, bytes, offset, bytes.length - offset);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, RETRY_PAUSE_MS);
    }
  }
}

async function loadCore(folder: string): Promise<Core> {
  const wasmPath = join(folder, 'ffmpeg-core.wasm');
  // The core believes it runs in a web worker: it wants these two globals and the wasm's address.
  Object.assign(globalThis, { self: globalThis, location: { href: 'http://embedded.invalid/' } });
  const module: unknown = await import(pathToFileURL(join(folder, 'ffmpeg-core.js')).href);
  const create = (module as { default: CreateCore }).default;
  const locator = Buffer.from(JSON.stringify({ wasmURL: wasmPath })).toString('base64');
  const core = await create({ mainScriptUrlOrBlob: `core#${locator}`, wasmBinary: readFileSync(wasmPath) });
  // Emscripten's sockets are WebSockets; without them the program has no way to any address.
  for (const name of ['WebSocket', 'fetch', 'EventSource', 'XMLHttpRequest']) {
    Reflect.deleteProperty(globalThis, name);
  }
  return core;
}

/** Gives the core the descriptors that the arguments name as `pipe:N`, from 3 on, under the same numbers. */
function openPipes(core: Core, args: readonly string[]): void {
  const wanted = args.flatMap((arg) => /^pipe:(\d+)$/.exec(arg)?.[1] ?? []).map(Number);
  const highest = Math.max(2, ...wanted);
  for (let descriptor = 1; descriptor <= highest; descriptor += 1) {
    if (descriptor === 2) continue;
    const device = core.FS.makedev(80, descriptor);
    core.FS.registerDevice(device, {
      write: (_stream: CoreStream, heap: Int8Array, offset: number, length: number): number => {
        try {
          writeFully(descriptor, new Uint8Array(heap.buffer, heap.byteOffset + offset, length));
        } catch {
          // The reader is gone; ffmpeg takes EIO for its own failure and stops.
          throw new core.FS.ErrnoError(WASI_EIO);
        }
        return length;
      },
    });
    core.FS.mkdev(`/dev/melro${descriptor}`, 0o200, device);
    if (descriptor === 1) continue;
    const opened = core.FS.open(`/dev/melro${descriptor}`, 'w');
    if (opened.fd !== descriptor) throw new Error(`descriptor ${descriptor} is taken`);
  }
}

/** Shows the core the source file without reading it into memory. */
function mountSource(core: Core): void {
  const descriptor = openSync(SOURCE_FILE_NAME, constants.O_RDONLY);
  const sizeBytes = fstatSync(descriptor).size;
  const node = core.FS.create(`/${SOURCE_FILE_NAME}`, 0o400);
  node.usedBytes = sizeBytes;
  node.stream_ops = {
    ...node.stream_ops,
    read: (_stream: CoreStream, heap: Int8Array, offset: number, length: number, position: number): number =>
      position >= sizeBytes ? 0 : readSync(descriptor, heap, offset, length, position),
    close: () => closeSync(descriptor),
  };
}

const [coreFolder = '', program = '', ...args] = process.argv.slice(2);
const core = await loadCore(coreFolder);
openPipes(core, args);
if (args.includes(`file:${SOURCE_FILE_NAME}`)) mountSource(core);
core.setLogger(({ type, message }) => writeFully(type === 'stdout' ? 1 : 2, Buffer.from(`${message}\n`)));
if (program === 'ffprobe') {
  // `core.ffprobe()` loses the exit code.
  const argv = [...core.DEFAULT_ARGS_FFPROBE, ...args];
  process.exit(core._ffprobe(argv.length, core.stringsToPtr(argv)));
}
process.exit(core.exec(...args));
