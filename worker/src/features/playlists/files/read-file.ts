import { ProblemError } from '../../../platform/errors.ts';
import { MAX_FILE_BYTES } from '../policy.ts';

function tooLarge(): ProblemError {
  return new ProblemError(
    'file_too_large',
    `A playlist may have up to ${MAX_FILE_BYTES / 1024 ** 2} MiB here.`,
    {
      mostBytes: MAX_FILE_BYTES,
    },
  );
}

/** Returns the text of bytes: UTF-8 or UTF-16 by its mark, else UTF-8; what is not even that was written by Windows. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Returns the text in a request's body. Throws `file_too_large` as soon as it is. */
export async function readFile(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_FILE_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    // Leaving the loop cancels the rest.
    if (length > MAX_FILE_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return decodeText(bytes);
}
