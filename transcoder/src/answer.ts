/** The answer of one job: a tar stream whose entries are written one after another. */
import { createTarPacker } from 'modern-tar';
import type { Manifest } from './contract.ts';

/** Collects entries from several writers into one tar stream. */
export class Answer {
  readonly #packer = createTarPacker();
  readonly #objects = new Map<string, number>();
  #lastWrite: Promise<void> = Promise.resolve();

  /** The tar stream; it is read only as fast as the client takes it. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#packer.readable;
  }

  /** Every stored object with the size it was last sent with. */
  get objects(): Manifest['objects'] {
    return [...this.#objects].map(([path, bytes]) => ({ path, bytes }));
  }

  /** Adds an object that the receiver stores; the same path again replaces it. */
  async object(path: string, content: Uint8Array | string): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#objects.set(path, bytes.length);
    await this.#write(path, bytes);
  }

  /** Adds an entry that speaks about the job. */
  async message(entry: string, value: unknown): Promise<void> {
    await this.#write(entry, Buffer.from(JSON.stringify(value)));
  }

  /** Writes the end of the archive. */
  async finish(): Promise<void> {
    await this.#lastWrite;
    this.#packer.controller.finalize();
  }

  /** Breaks the stream off, so that nobody can take it for a whole one. */
  abort(reason: unknown): void {
    this.#packer.controller.error(reason);
  }

  /** Entries must not interleave: each waits for the one before. Resolves once there is room for more. */
  #write(name: string, bytes: Uint8Array): Promise<void> {
    const write = async (): Promise<void> => {
      const body = this.#packer.controller.add({ name, size: bytes.length, type: 'file', mode: 0o644 });
      const writer = body.getWriter();
      await writer.write(bytes);
      await writer.close();
    };
    this.#lastWrite = this.#lastWrite.then(write);
    return this.#lastWrite;
  }
}
