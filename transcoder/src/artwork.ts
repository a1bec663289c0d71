/** Makes covers out of the picture embedded in an original. A bad picture means no artwork, nothing worse. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ARTWORK_SIZES_PX, type Manifest, manifestSchema } from './contract.ts';
import { coverArguments } from './ffmpeg-arguments.ts';
import type { Ffmpeg } from './ffmpeg-locate.ts';
import { type Limits, runFfmpeg } from './ffmpeg-process.ts';
import type { StoredObject } from './rendition.ts';

/** Covers as objects, and what the manifest says about them. */
export interface Artwork {
  objects: StoredObject[];
  summary: NonNullable<Manifest['artwork']>;
}

/** What the picture process prints. */
export const pictureAnswerSchema = z.object({
  covers: z.array(z.object({ sizePx: z.number().int(), webpBase64: z.string() })),
  summary: manifestSchema.shape.artwork.unwrap(),
});
export type PictureAnswer = z.infer<typeof pictureAnswerSchema>;

const COPY_LIMITS: Limits = { cpuSeconds: 60, memoryBytes: 2 * 1024 ** 3 };
const MAX_PICTURE_BYTES = 32 * 1024 * 1024;
const PICTURE_CPU_SECONDS = 20;
/** Its CPU time is bounded; this only ends one that waits for ever, also where the machine is very busy. */
const PICTURE_TIMEOUT_MS = 180_000;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * @param onProblem hears why a picture that is there could not be used.
 * @returns null where there is no picture or none that can be used.
 * @throws only the signal's reason.
 */
export async function makeArtwork(
  ffmpeg: Ffmpeg,
  folder: string,
  coverStreamIndex: number | null,
  signal: AbortSignal,
  onProblem: (problem: string) => void,
): Promise<Artwork | null> {
  if (coverStreamIndex === null) return null;
  try {
    const picture = await extractPicture(ffmpeg, folder, coverStreamIndex, signal);
    if (picture.length === 0) throw new Error('the picture is empty');
    const { covers, summary } = await resize(picture, signal);
    const objects = covers.map(({ sizePx, webpBase64 }) => ({
      path: `artwork/${sizePx}.webp`,
      bytes: Buffer.from(webpBase64, 'base64'),
    }));
    return { objects, summary };
  } catch (error) {
    // Whatever is wrong with a picture must not cost the artist the track.
    signal.throwIfAborted();
    onProblem(error instanceof Error ? error.message : String(error));
    return null;
  }
}

async function extractPicture(
  ffmpeg: Ffmpeg,
  folder: string,
  streamIndex: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  await runFfmpeg(ffmpeg, {
    tool: 'ffmpeg',
    args: coverArguments(streamIndex),
    folder,
    limits: COPY_LIMITS,
    signal,
    readers: [
      (chunk) => {
        bytes += chunk.length;
        if (bytes > MAX_PICTURE_BYTES) throw new Error('picture too large');
        chunks.push(chunk);
      },
    ],
  });
  return Buffer.concat(chunks);
}

/** Runs the picture process: a decoder of pictures that crashes takes no other job with it. */
async function resize(picture: Buffer, signal: AbortSignal): Promise<PictureAnswer> {
  const script = fileURLToPath(new URL('resize-cover.ts', import.meta.url));
  const command = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    '--max-old-space-size=256',
    script,
    ...ARTWORK_SIZES_PX.map(String),
  ];
  const [program, ...args]: [string, ...string[]] =
    process.platform === 'win32'
      ? [process.execPath, ...command.slice(1)]
      : ['/bin/sh', '-c', `ulimit -t ${PICTURE_CPU_SECONDS} && ulimit -c 0 && exec "$@"`, 'sh', ...command];
  const child = spawn(program, args, {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(PICTURE_TIMEOUT_MS)]),
    killSignal: 'SIGKILL',
  });
  const closed = once(child, 'close') as Promise<[code: number | null, killedBy: string | null]>;
  // Awaited below; until then a program that does not start must not count as unhandled.
  closed.catch(() => undefined);
  // The process may end before it has read everything; its exit says why, the broken pipe does not.
  child.stdin.once('error', () => child.kill('SIGKILL'));
  child.stdin.end(picture);
  try {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of child.stdout) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > MAX_ANSWER_BYTES) throw new Error('answer too large');
      chunks.push(chunk as Uint8Array);
    }
    const [code, killedBy] = await closed;
    if (code !== 0) throw new Error(`the picture process ended with ${killedBy ?? code}`);
    return pictureAnswerSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } finally {
    child.kill('SIGKILL');
  }
}
