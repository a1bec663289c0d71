import type { Env } from '../../src/platform/env.ts';
import { sha256Hex } from './audio.ts';
import { tarOf, WHOLE_ANSWER } from './crafted-answer.ts';

/** Answers a job; it gets the original as the transcoder received it. */
export type Answering = (original: ArrayBuffer, signal: AbortSignal) => Response | Promise<Response>;

/** Returns bindings in which the transcoder is `answer`, reached the way containers are. */
export function transcodedBy(answer: Answering): Pick<Env, 'TRANSCODER'> & { TRANSCODER_URL: never } {
  const stub = {
    fetch: async (request: Request) => {
      if (new URL(request.url).pathname === '/healthz') return Response.json({ status: 'ok' });
      return answer(await request.arrayBuffer(), request.signal);
    },
  };
  const namespace = { idFromName: (name: string) => name, get: () => stub };
  return {
    TRANSCODER: namespace as unknown as DurableObjectNamespace,
    TRANSCODER_URL: undefined as never,
  };
}

/** Answers every job with the same bytes. */
export function replaying(tar: Uint8Array<ArrayBuffer>): Answering {
  return () => new Response(tar);
}

/** Answers every job with the whole crafted track. */
export async function wellBehaved(): Promise<Answering> {
  return replaying(await tarOf(WHOLE_ANSWER));
}

interface Job {
  signal: AbortSignal;
  released: number;
  wake(): void;
}

/** A transcoder whose answers stop after each piece until the test lets them go on. */
export class StagedTranscoder {
  readonly #pieces: Uint8Array<ArrayBuffer>[];
  readonly #jobs: Job[] = [];
  readonly receivedHashes: string[] = [];
  #waiting: (() => void)[] = [];

  constructor(pieces: Uint8Array<ArrayBuffer>[]) {
    this.#pieces = pieces;
  }

  readonly answer: Answering = async (original, signal) => {
    this.receivedHashes.push(await sha256Hex(original));
    const job: Job = { signal, released: 0, wake: () => undefined };
    this.#jobs.push(job);
    for (const tell of this.#waiting.splice(0)) tell();
    const pieces = this.#pieces;
    let sent = 0;
    return new Response(
      new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          while (sent >= job.released) {
            await new Promise<void>((resolve) => {
              job.wake = resolve;
              // As the real one does when its client goes away.
              signal.addEventListener('abort', () => resolve());
            });
            signal.throwIfAborted();
          }
          const piece = pieces[sent++];
          if (piece !== undefined) controller.enqueue(piece);
          if (sent >= pieces.length) controller.close();
        },
      }),
    );
  };

  /** Resolves once `count` jobs have begun. */
  async jobs(count: number): Promise<void> {
    while (this.#jobs.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets the answer of job `index` go on to the end of piece `pieces`. */
  release(index: number, pieces = this.#pieces.length): void {
    const job = this.#jobs[index];
    if (job === undefined) throw new Error(`there is no job ${index}`);
    job.released = pieces;
    job.wake();
  }
}
