import { PART_SIZE_BYTES } from './policy.ts';
import type { DataSources, Original } from './ports.ts';
import { safeName, type ZipEntry, zipOf } from './zip.ts';

/** What archives are made from. */
export interface ArchiveDeps {
  media: R2Bucket;
  /** Once an archive holds this much, the next original begins another. */
  archiveBytes: number;
  sources: DataSources;
}

/** Where in somebody's data an archive begins. */
export interface ArchiveStart {
  userId: string;
  /** Counted from 1. */
  number: number;
  /** The last original of the archive before. */
  cursor: string | null;
  /** All files of a copy bear its time. */
  madeAtMs: number;
}

/** How far an archive came. */
export interface ArchiveEnd {
  cursor: string | null;
  isLast: boolean;
}

interface Listed {
  path: string;
  sizeBytes: number;
  uploadId?: string;
  /** True where our own storage has lost it. */
  isMissing?: true;
}

function jsonEntry(path: string, content: unknown, modifiedAtMs: number): ZipEntry & { content: Uint8Array } {
  return { path, modifiedAtMs, content: new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`) };
}

/** Passes an original on, and throws where it is not as long as it should be. */
async function* wholeOf(object: R2ObjectBody): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of object.body as unknown as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    yield chunk;
  }
  if (sizeBytes !== object.size)
    throw new Error(`an original ended after ${sizeBytes} of ${object.size} bytes`);
}

/** Yields the files of one archive: in the first the documents, then originals until it is full, at last its index. */
async function* entriesOf(
  { media, sources, archiveBytes }: ArchiveDeps,
  { userId, number, cursor, madeAtMs }: ArchiveStart,
  end: ArchiveEnd,
): AsyncGenerator<ZipEntry> {
  const files: Listed[] = [];
  if (number === 1) {
    for await (const document of sources.documents(userId)) {
      const { path } = document;
      const entry =
        'bytes' in document
          ? { path, modifiedAtMs: madeAtMs, content: document.bytes }
          : jsonEntry(path, document.content, madeAtMs);
      files.push({ path, sizeBytes: entry.content.length });
      yield entry;
    }
  }
  const originals = sources.originals(userId, cursor)[Symbol.asyncIterator]();
  let next: IteratorResult<Original> = await originals.next();
  for (let bytes = 0; next.done !== true && bytes < archiveBytes; next = await originals.next()) {
    const { uploadId, fileName, key, uploadedAtMs, sizeBytes } = next.value;
    const path = `originals/${uploadId}/${safeName(fileName)}`;
    const object = await media.get(key);
    files.push({
      path,
      sizeBytes: object?.size ?? sizeBytes,
      uploadId,
      ...(object ? {} : { isMissing: true }),
    });
    if (object !== null) yield { path, modifiedAtMs: uploadedAtMs, content: wholeOf(object) };
    bytes += object?.size ?? 0;
    end.cursor = uploadId;
  }
  end.isLast = next.done === true;
  const index = { madeAt: new Date(madeAtMs).toISOString(), archive: number, isLast: end.isLast, files };
  yield jsonEntry('index.json', index, madeAtMs);
}

/** Yields what comes in as pieces of exactly `sizeBytes`, the last one shorter. The same memory is used for each. */
async function* partsOf(chunks: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const part = new Uint8Array(sizeBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + sizeBytes - filled);
      part.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < sizeBytes) continue;
      yield part;
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/**
 * Writes one archive into an R2 upload, part by part, and returns its size and how far it came; calls `onPart` after
 * each part. Nothing is at the key until everything is there.
 */
export async function writeArchive(
  deps: ArchiveDeps,
  start: ArchiveStart,
  upload: R2MultipartUpload,
  onPart: () => Promise<void>,
): Promise<ArchiveEnd & { sizeBytes: number }> {
  const end: ArchiveEnd = { cursor: start.cursor, isLast: false };
  const parts: R2UploadedPart[] = [];
  let sizeBytes = 0;
  for await (const part of partsOf(zipOf(entriesOf(deps, start, end)), PART_SIZE_BYTES)) {
    parts.push(await upload.uploadPart(parts.length + 1, part));
    sizeBytes += part.length;
    await onPart();
  }
  await upload.complete(parts);
  return { ...end, sizeBytes };
}
