/** Runs the picture process: a decoder of pictures that crashes takes no job with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type PictureSize, type PictureSummary, pictureSummarySchema } from './contract.ts';

/**
 * A part of a picture, in fractions of its width (`x`, `size`) and height (`y`), as it is seen upright:
 * its left upper corner and its width; its height follows from the shape that is made.
 */
export interface Crop {
  x: number;
  y: number;
  size: number;
}

/** What is to be made of a picture: sizes of one shape, smallest first, out of a part of it or of its middle. */
export interface PictureWish {
  sizes: readonly PictureSize[];
  crop: Crop | null;
}

/** What was made of a picture. */
export interface Pictures {
  pictures: { widthPx: number; webp: Buffer }[];
  summary: PictureSummary;
}

/** The picture's own fault: it would not be understood the next time either. */
export class PictureFault extends Error {}

/** What the picture process prints. */
const answerSchema = z.object({
  pictures: z.array(z.object({ widthPx: z.number().int(), webpBase64: z.string() })),
  summary: pictureSummarySchema,
});
export type PictureAnswer = z.infer<typeof answerSchema>;

const CPU_SECONDS = 20;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

function limitedCommand(wish: PictureWish): [string, ...string[]] {
  const script = fileURLToPath(new URL('resize-picture.ts', import.meta.url));
  const node = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=256'];
  const command: [string, ...string[]] = [process.execPath, ...node, script, JSON.stringify(wish)];
  if (process.platform === 'win32') return command;
  return ['/bin/sh', '-c', `ulimit -t ${CPU_SECONDS} && ulimit -c 0 && exec "$@"`, 'sh', ...command];
}

/**
 * Decodes a picture and makes smaller ones of it, without any of its metadata.
 * @throws PictureFault where it cannot be used, the signal's reason where that fires.
 */
export async function makePictures(
  picture: Buffer,
  wish: PictureWish,
  signal: AbortSignal,
): Promise<Pictures> {
  signal.throwIfAborted();
  const [program, ...args] = limitedCommand(wish);
  const child = spawn(program, args, {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
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
      if (bytes > MAX_ANSWER_BYTES) throw new PictureFault('answer too large');
      chunks.push(chunk as Uint8Array);
    }
    const [code, killedBy] = await closed;
    signal.throwIfAborted();
    if (code !== 0) throw new PictureFault(`the picture process ended with ${killedBy ?? code}`);
    const { pictures, summary } = answerSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    return {
      pictures: pictures.map(({ widthPx, webpBase64 }) => ({
        widthPx,
        webp: Buffer.from(webpBase64, 'base64'),
      })),
      summary,
    };
  } finally {
    child.kill('SIGKILL');
  }
}
