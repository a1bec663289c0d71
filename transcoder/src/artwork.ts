/** Makes covers out of the picture embedded in an original. A bad picture means no artwork, nothing worse. */
import { type Manifest, PICTURE_SIZES_PX } from './contract.ts';
import { coverArguments } from './ffmpeg-arguments.ts';
import type { Ffmpeg } from './ffmpeg-locate.ts';
import { type Limits, runFfmpeg } from './ffmpeg-process.ts';
import { makePictures } from './picture-process.ts';
import type { StoredObject } from './rendition.ts';

/** Covers as objects, and what the manifest says about them. */
export interface Artwork {
  objects: StoredObject[];
  summary: NonNullable<Manifest['artwork']>;
}

const COPY_LIMITS: Limits = { cpuSeconds: 60, memoryBytes: 2 * 1024 ** 3 };
const MAX_EMBEDDED_BYTES = 32 * 1024 * 1024;
/** Its CPU time is bounded; this only ends one that waits for ever, also where the machine is very busy. */
const PICTURE_TIMEOUT_MS = 180_000;

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
    const wish = { sizes: PICTURE_SIZES_PX.square, crop: null };
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PICTURE_TIMEOUT_MS)]);
    const { pictures, summary } = await makePictures(picture, wish, patience);
    const objects = pictures.map(({ widthPx, webp }) => ({ path: `artwork/${widthPx}.webp`, bytes: webp }));
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
        if (bytes > MAX_EMBEDDED_BYTES) throw new Error('picture too large');
        chunks.push(chunk);
      },
    ],
  });
  return Buffer.concat(chunks);
}
