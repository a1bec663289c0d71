/** Writes a request's body to the disk of its job. */
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MAX_ORIGINAL_BYTES } from './contract.ts';
import { SOURCE_FILE_NAME } from './source-file.ts';

/** Thrown where a body is longer than any original may be. */
export class BodyTooLarge extends Error {}

/** A client that sends nothing for this long is taken for gone. */
const IDLE_TIMEOUT_MS = 60_000;

/** @throws BodyTooLarge where the request announces more than any original may have. */
export function checkAnnouncedSize(request: IncomingMessage): void {
  if (Number(request.headers['content-length'] ?? 0) > MAX_ORIGINAL_BYTES) throw new BodyTooLarge();
}

/**
 * @returns the number of bytes written. Only a body that came in whole counts.
 * @throws BodyTooLarge, the signal's reason, or what the connection or the disk failed with.
 */
export async function spoolBody(
  request: IncomingMessage,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error('the upload has stalled')), IDLE_TIMEOUT_MS);
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      timer.refresh();
      bytes += chunk.length;
      done(bytes > MAX_ORIGINAL_BYTES ? new BodyTooLarge() : null, chunk);
    },
  });
  try {
    await pipeline(
      request,
      count,
      createWriteStream(join(folder, SOURCE_FILE_NAME), { flags: 'wx', mode: 0o600 }),
      {
        signal: AbortSignal.any([signal, idle.signal]),
      },
    );
  } finally {
    clearTimeout(timer);
  }
  return bytes;
}
