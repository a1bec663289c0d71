import type { TaskQueue } from '@uppy/core/utils';
import { SvelteMap } from 'svelte/reactivity';
import { ApiError, toApiError } from '$lib/api/api-error.ts';
import { refusalOf } from './accepted-files.ts';
import { cheapSha256 } from './checksum.ts';
import { missingParts, type Part, partsOf } from './parts.ts';
import { findRecord, forgetRecord, keepRecord, readRecords } from './resume-records.ts';
import { Throughput } from './throughput.ts';
import { ALONE, type UploadPlace } from './upload-place.ts';
import type { UploadServer } from './upload-server.ts';

/** Where a file is on its way to the server; what happens there is the track's own state. */
export type UploadState = 'waiting' | 'sending' | 'paused' | 'finishing' | 'sent' | 'failed' | 'cancelled';

/** What a task shares with the others. */
export interface SharedQueues {
  /** Files that are sent at the same time. */
  files: TaskQueue;
  /** Parts that are under way at the same time, of all files. */
  parts: TaskQueue;
}

/** Answers after which an upload cannot go on, but a new one of the same file can. */
const START_AGAIN = new Set(['not_found', 'upload_closed', 'upload_expired', 'upload_parts_changed']);

/** Refusals that are about the person: the file waits, and goes on once they are somebody who may. */
const WAITS: Record<string, string> = {
  unauthenticated: 'Waits for you to sign in.',
  forbidden: 'Waits until you are an artist.',
  email_not_verified: 'Waits until your email address is confirmed; the link is in your mail.',
};

/** One file being uploaded. */
export class UploadTask {
  readonly file: File;
  readonly place: UploadPlace;
  state = $state<UploadState>('waiting');
  sentBytes = $state(0);
  trackId = $state<string | null>(null);
  /** A sentence for the person. */
  problem = $state<string | null>(null);
  /** False where trying the same file again can only end the same way. */
  canRetry = $state(true);
  bytesPerSecond = $state<number | null>(null);
  secondsLeft = $state<number | null>(null);

  /** The newest upload of this file; it stays known when it cannot go on. */
  uploadId = $state<string | null>(null);
  readonly #server: UploadServer;
  readonly #queues: SharedQueues;
  readonly #throughput = new Throughput();
  #stop = new AbortController();
  readonly #sentByPart = new SvelteMap<number, number>();

  constructor(file: File, server: UploadServer, queues: SharedQueues, place: UploadPlace = ALONE) {
    this.file = file;
    this.place = place;
    this.#server = server;
    this.#queues = queues;
    const refusal = refusalOf(file);
    if (refusal !== null) this.#fail(refusal, false);
  }

  get isActive(): boolean {
    return this.state === 'waiting' || this.state === 'sending' || this.state === 'finishing';
  }

  /** Sends the file, or the rest of it. Resolves when it is sent, paused, cancelled or failed. */
  async start(): Promise<void> {
    if (this.state === 'failed' && !this.canRetry) return;
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.state = 'waiting';
    this.problem = null;
    try {
      await this.#queues.files.add(() => this.#send(signal)).abortOn(signal);
    } catch (error) {
      if (!signal.aborted) this.#failWith(toApiError(error));
    }
  }

  pause(): void {
    if (!this.isActive) return;
    this.state = 'paused';
    this.#halt();
  }

  /** Gives the upload up, here and on the server. */
  async cancel(): Promise<void> {
    this.state = 'cancelled';
    this.#halt();
    if (this.uploadId === null) return;
    forgetRecord(this.uploadId);
    try {
      await this.#server.cancel(this.uploadId);
    } catch {
      // What is left on the server expires by itself.
    }
  }

  #halt(): void {
    this.#stop.abort();
    this.#throughput.reset();
    this.bytesPerSecond = null;
    this.secondsLeft = null;
  }

  async #send(signal: AbortSignal): Promise<void> {
    this.state = 'sending';
    this.#throughput.reset();
    const parts = (await this.#taken(signal)) ?? (await this.#opened(signal));
    await this.#sendParts(parts, signal);
    signal.throwIfAborted();
    this.state = 'finishing';
    await this.#complete(signal);
    signal.throwIfAborted();
    if (this.uploadId !== null) forgetRecord(this.uploadId);
    this.state = 'sent';
  }

  /** Takes an unfinished upload of this file up again; returns its missing parts, or null where there is none. */
  async #taken(signal: AbortSignal): Promise<Part[] | null> {
    const record = findRecord(readRecords(), this.file, this.place);
    if (record === null) return null;
    try {
      const upload = await this.#server.read(record.uploadId);
      signal.throwIfAborted();
      if (upload.state === 'rejected' || Date.parse(upload.expiresAt) <= Date.now())
        throw new ApiError('refused', '');
      this.uploadId = upload.uploadId;
      this.trackId = upload.trackId;
      const parts = partsOf(upload.sizeBytes, upload.partSizeBytes);
      const missing = upload.state === 'completed' ? [] : missingParts(parts, upload.receivedParts);
      const arrived = parts.filter((part) => !missing.includes(part));
      for (const { number, start, end } of arrived) this.#sentByPart.set(number, end - start);
      this.#count();
      return missing;
    } catch (error) {
      signal.throwIfAborted();
      if (toApiError(error).kind !== 'refused') throw error;
      forgetRecord(record.uploadId);
      return null;
    }
  }

  async #opened(signal: AbortSignal): Promise<Part[]> {
    this.#sentByPart.clear();
    this.#count();
    const { name: fileName, size: sizeBytes, type: mediaType, lastModified: lastModifiedMs } = this.file;
    const sha256 = await cheapSha256(this.file);
    signal.throwIfAborted();
    const { uploadId, trackId, partSizeBytes } = await this.#server.create({
      fileName,
      sizeBytes,
      mediaType,
      sha256,
      ...this.place,
    });
    this.uploadId = uploadId;
    this.trackId = trackId;
    if (this.state === 'cancelled') await this.#server.cancel(uploadId);
    else keepRecord({ fileName, sizeBytes, lastModifiedMs, uploadId, trackId, place: this.place });
    signal.throwIfAborted();
    return partsOf(sizeBytes, partSizeBytes);
  }

  async #sendParts(parts: readonly Part[], signal: AbortSignal): Promise<void> {
    const rest = [...parts];
    const lane = async (): Promise<void> => {
      for (let part = rest.shift(); part !== undefined; part = rest.shift())
        await this.#sendPart(part, signal);
    };
    // No file asks for more lanes than there are, so that files take turns.
    await Promise.all(Array.from({ length: this.#queues.parts.concurrency }, lane));
  }

  async #sendPart({ number, start, end }: Part, signal: AbortSignal): Promise<void> {
    const { uploadId } = this;
    if (uploadId === null) return;
    const note = (sentBytes: number) => {
      if (signal.aborted) return;
      this.#sentByPart.set(number, Math.min(sentBytes, end - start));
      this.#count();
    };
    const bytes = this.file.slice(start, end);
    await this.#queues.parts
      .add(() => this.#server.sendPart({ uploadId, number, bytes, signal, onProgress: note }))
      .abortOn(signal);
    note(end - start);
  }

  async #complete(signal: AbortSignal): Promise<void> {
    if (this.uploadId === null) return;
    try {
      await this.#server.complete(this.uploadId);
    } catch (cause) {
      const error = toApiError(cause);
      if (error.code !== 'upload_incomplete' || signal.aborted) throw error;
      // Parts can be lost between two servers; what the API misses is sent once more.
      const { partSizeBytes, sizeBytes, receivedParts } = await this.#server.read(this.uploadId);
      await this.#sendParts(missingParts(partsOf(sizeBytes, partSizeBytes), receivedParts), signal);
      await this.#server.complete(this.uploadId);
    }
  }

  #count(): void {
    this.sentBytes = [...this.#sentByPart.values()].reduce((sum, bytes) => sum + bytes, 0);
    this.#throughput.note(performance.now(), this.sentBytes);
    this.bytesPerSecond = this.#throughput.bytesPerSecond();
    this.secondsLeft = this.#throughput.secondsLeft(this.file.size - this.sentBytes);
  }

  #failWith(error: ApiError): void {
    this.#halt();
    const isLost = error.code !== null && START_AGAIN.has(error.code);
    const waitsFor = WAITS[error.code ?? ''];
    const isFileAtFault = error.kind === 'refused' && !isLost && waitsFor === undefined;
    if ((isLost || isFileAtFault) && this.uploadId !== null) forgetRecord(this.uploadId);
    this.#fail(waitsFor ?? error.message, !isFileAtFault || error.code === 'checksum_mismatch');
  }

  #fail(sentence: string, canRetry: boolean): void {
    this.state = 'failed';
    this.problem = sentence;
    this.canRetry = canRetry;
  }
}
