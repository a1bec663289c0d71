import {
  FAILURE_ENTRY,
  failureSchema,
  MANIFEST_ENTRY,
  type Manifest,
  manifestSchema,
  PROGRESS_ENTRY,
  type Progress,
  progressSchema,
  type TranscodeFailure,
} from '@melro/transcoder/contract';
import { createTarDecoder } from 'modern-tar';

/** Ten seconds of FLAC at 48 kHz, 24 bit, stereo is under 3 MB; anything near this is not ours. */
const MAX_OBJECT_BYTES = 32 * 1024 * 1024;
const MAX_PARALLEL_WRITES = 6;
const OBJECT_PATH =
  /^(?:(?:\d{2,3}|lossless)\/(?:init\.mp4|\d{1,5}\.m4s|playlist\.m3u8)|(?:master(?:-\d{2,3})?|lossless)\.m3u8|waveform\.json|artwork\/\d{2,3}\.webp)$/;

/** How a transcode ended: with everything stored, or with a fault of the file. */
export type TranscodeOutcome = { manifest: Manifest } | { failure: TranscodeFailure };

/** Who listens while an answer is stored. */
export interface StoreListener {
  onProgress(progress: Progress): void;
  /** The first playlists and their segments are in place. */
  onPlayable(): void;
}

/** Stores one object under its path within the version. */
export type PutObject = (path: string, body: ArrayBuffer) => Promise<void>;

async function readEntry(body: ReadableStream<Uint8Array>, sizeBytes: number): Promise<ArrayBuffer> {
  const bytes = await new Response(body).arrayBuffer();
  if (bytes.byteLength !== sizeBytes) throw new Error('the answer of the transcoder was cut off');
  return bytes;
}

function parseJson(bytes: ArrayBuffer): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Writes in parallel, yet a playlist only after all that came before it, so that it never names a missing segment. */
class OrderedWrites {
  readonly #put: PutObject;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly storedBytes = new Map<string, number>();

  constructor(put: PutObject) {
    this.#put = put;
  }

  async add(path: string, body: ArrayBuffer): Promise<void> {
    if (path.endsWith('.m3u8') || this.#underWay.size >= MAX_PARALLEL_WRITES) await this.settle();
    const write = this.#put(path, body).then(() => {
      this.storedBytes.set(path, body.byteLength);
    });
    // A refusal is thrown by settle(); without this it would count as unhandled until then.
    write.catch(() => undefined);
    this.#underWay.set(path, write);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#underWay.values());
    this.#underWay.clear();
  }
}

/**
 * Stores a transcoder's answer object by object as it arrives and returns how it ended.
 * Throws when the stream breaks off, holds what it should not, or a write is refused.
 */
export async function storeObjects(
  answer: ReadableStream<Uint8Array>,
  put: PutObject,
  listener: StoreListener,
): Promise<TranscodeOutcome> {
  const writes = new OrderedWrites(put);
  const entries = answer.pipeThrough(createTarDecoder());
  for await (const { header, body } of entries) {
    if (header.size > MAX_OBJECT_BYTES)
      throw new Error(`the transcoder sent ${header.size} bytes as one object`);
    const bytes = await readEntry(body, header.size);
    switch (header.name) {
      case PROGRESS_ENTRY:
        listener.onProgress(progressSchema.parse(parseJson(bytes)));
        break;
      case FAILURE_ENTRY:
        return { failure: failureSchema.parse(parseJson(bytes)) };
      case MANIFEST_ENTRY: {
        const manifest = manifestSchema.parse(parseJson(bytes));
        await writes.settle();
        const missing = manifest.objects.find(
          ({ path, bytes: size }) => writes.storedBytes.get(path) !== size,
        );
        if (missing !== undefined) throw new Error(`the answer of the transcoder lacks ${missing.path}`);
        return { manifest };
      }
      default:
        if (!OBJECT_PATH.test(header.name))
          throw new Error('the transcoder sent an object of an unknown name');
        await writes.add(header.name, bytes);
        if (header.name === 'master.m3u8') {
          await writes.settle();
          listener.onPlayable();
        }
    }
  }
  throw new Error('the answer of the transcoder ended without a manifest');
}
