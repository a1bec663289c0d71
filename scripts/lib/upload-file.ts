import type { ApiClient, CreateUpload, Upload } from './api-client.ts';

/** Something that can be uploaded: a file on disk or bytes in memory. */
export type UploadSource = {
  fileName: string;
  sizeBytes: number;
  /** Returns the bytes from `start` to `end` (excluded). */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
};

export type UploadResult = {
  trackId: string;
  /** Whether an interrupted upload was continued rather than started afresh. */
  resumed: boolean;
};

type Session = Pick<Upload, 'uploadId' | 'trackId' | 'partSizeBytes' | 'partCount'> & {
  receivedParts: readonly number[];
};

/**
 * Uploads a source in parts and completes it. With `unfinished` it sends only the parts that are missing
 * there. `onBytes` is told of each part that is at the server, and whether it was sent now.
 * Throws an `ApiError` when the server refuses, and whatever `read` throws.
 */
export async function uploadFile(
  client: ApiClient,
  source: UploadSource,
  options: {
    sha256: string;
    /** The release of mine that it is put on. */
    releaseId?: string;
    unfinished?: Upload | undefined;
    onBytes?: (bytes: number, sent: boolean) => void;
  },
): Promise<UploadResult> {
  const session: Session = options.unfinished ?? {
    ...(await start(client, source, options)),
    receivedParts: [],
  };
  const received = new Set(session.receivedParts);
  for (let number = 1; number <= session.partCount; number++) {
    const first = (number - 1) * session.partSizeBytes;
    const last = Math.min(source.sizeBytes, first + session.partSizeBytes);
    const missing = !received.has(number);
    if (missing) await client.putPart(session.uploadId, number, await source.read(first, last));
    options.onBytes?.(last - first, missing);
  }
  const { trackId } = await client.completeUpload(session.uploadId);
  return { trackId, resumed: options.unfinished !== undefined };
}

function start(
  client: ApiClient,
  source: UploadSource,
  { sha256, releaseId }: { sha256: string; releaseId?: string },
) {
  const request: CreateUpload = {
    fileName: plainFileName(source.fileName),
    sizeBytes: source.sizeBytes,
    sha256,
    ...(releaseId === undefined ? {} : { releaseId }),
  };
  return client.createUpload(request);
}

/** Returns a file name the API accepts: no control characters, at most 255 characters, its ending kept. */
export function plainFileName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
  const clean = name.replace(/[\u0000-\u001f\u007f]/g, '_');
  if (clean.length <= 255) return clean;
  const ending = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? '';
  return clean.slice(0, 255 - ending.length) + ending;
}
