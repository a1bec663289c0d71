import { ProblemError } from './errors.ts';

/**
 * Tells whether bytes begin like a PNG, JPEG or WebP. Only they speak: names and media types are what the sender says.
 */
export function isKnownPicture(head: Uint8Array): boolean {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return true;
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return true;
  return text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP';
}

function tooLarge(mostBytes: number): ProblemError {
  return new ProblemError('file_too_large', `A picture may have up to ${mostBytes / 1024 ** 2} MiB here.`, {
    mostBytes,
  });
}

/** Returns the picture in a request's body, which is held in memory. Throws `file_too_large`, `unsupported_picture`. */
export async function readPicture(request: Request, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge(mostBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    // Leaving the loop cancels the rest.
    if (length > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  const picture = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    picture.set(chunk, at);
    at += chunk.length;
  }
  if (isKnownPicture(picture)) return picture;
  throw new ProblemError('unsupported_picture', 'Send a PNG, JPEG or WebP picture.');
}
