import { ApiError } from '$lib/api/api-error.ts';
import type { PartUpload } from '$lib/upload/send-part.ts';
import type { UploadServer } from '$lib/upload/upload-server.ts';

/** Takes uploads with parts of 4 bytes and can be told to misbehave. */
export class FakeUploadServer implements UploadServer {
  readonly partSizeBytes = 4;
  readonly received = new Map<string, Set<number>>();
  readonly cancelled: string[] = [];
  sizeBytes = 0;
  /** What the next calls fail with, by name. */
  readonly faults: { create?: ApiError; sendPart?: ApiError; complete?: ApiError } = {};
  /** Holds every part back until it resolves. */
  gate: Promise<void> = Promise.resolve();

  async create({ sizeBytes }: { sizeBytes: number }) {
    this.#fail('create');
    this.sizeBytes = sizeBytes;
    const uploadId = `upl_${this.received.size + 1}`;
    this.received.set(uploadId, new Set());
    return { uploadId, trackId: 'trk_1', partSizeBytes: this.partSizeBytes };
  }

  async read(uploadId: string) {
    const received = this.received.get(uploadId);
    if (received === undefined) throw new ApiError('refused', 'There is no such upload.', { status: 404 });
    return {
      uploadId,
      trackId: 'trk_1',
      fileName: 'song.wav',
      sizeBytes: this.sizeBytes,
      sha256: null,
      state: 'receiving' as const,
      partSizeBytes: this.partSizeBytes,
      partCount: Math.ceil(this.sizeBytes / this.partSizeBytes),
      receivedParts: [...received],
      createdAt: '2026-11-01T00:00:00.000Z',
      expiresAt: '2100-01-01T00:00:00.000Z',
    };
  }

  async sendPart({ uploadId, number, bytes, signal, onProgress }: PartUpload) {
    await this.gate;
    signal.throwIfAborted();
    this.#fail('sendPart');
    onProgress(bytes.size);
    this.received.get(uploadId)?.add(number);
  }

  async complete() {
    this.#fail('complete');
  }

  async cancel(uploadId: string) {
    this.cancelled.push(uploadId);
  }

  #fail(call: keyof FakeUploadServer['faults']): void {
    const fault = this.faults[call];
    delete this.faults[call];
    if (fault !== undefined) throw fault;
  }
}
