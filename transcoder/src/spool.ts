/** Takes in the body of a request: to the disk of its job, or to memory where it is small. */
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MAX_ORIGINAL_BYTES } from './contract.ts';
import { SOURCE_FILE_NAME } from './source-file.ts';

/** Thrown where a body is longer than it may be. */
export class BodyTooLarge extends Error {}

/** A client that sends nothing for this long is taken for gone. */
const IDLE_TIMEOUT_MS = 60_000;

/** @throws BodyTooLarge where the request announces more than `mostBytes`. */
export function checkAnnouncedSize(request: IncomingMessage, mostBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw new BodyTooLarge();
}

/** Hands a body on chunk by chunk; ends it where it stalls, and where it is longer than `mostBytes`. */
function bounded(mostBytes: number): {
  count: Transform;
  stalled: AbortSignal;
  bytes(): number;
  end(): void;
} {
  let bytes = 0;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error('the upload has stalled')), IDLE_TIMEOUT_MS);
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      timer.refresh();
      bytes += chunk.length;
      done(bytes > mostBytes ? new BodyTooLarge() : null, chunk);
    },
  });
  return { count, stalled: idle.signal, bytes: () => bytes, end: () => clearTimeout(timer) };
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
  const { count, stalled, bytes, end } = bounded(MAX_ORIGINAL_BYTES);
  try {
    await pipeline(
      request,
      count,
      createWriteStream(join(folder, SOURCE_FILE_NAME), { flags: 'wx', mode: 0o600 }),
      { signal: AbortSignal.any([signal, stalled]) },
    );
  } finally {
    end();
  }
  return bytes();
}

/**
 * @returns the whole body.
 * @throws BodyTooLarge, the signal's reason, or what the connection failed with.
 */
export async function readBody(
  request: IncomingMessage,
  mostBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  checkAnnouncedSize(request, mostBytes);
  const { count, stalled, end } = bounded(mostBytes);
  const chunks: Uint8Array[] = [];
  const keep = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of body) chunks.push(chunk);
  };
  try {
    await pipeline(request, count, keep, { signal: AbortSignal.any([signal, stalled]) });
  } finally {
    end();
  }
  return Buffer.concat(chunks);
}
