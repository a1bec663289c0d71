import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import worker from '../../src/index.ts';
import type { Env, TranscodeMessage } from '../../src/platform/env.ts';
import { rowsOf } from './state.ts';

/** What `wrangler.toml` says of the transcodes queue. */
const MAX_RETRIES = 5;

interface Waiting {
  id: string;
  body: unknown;
  attempts: number;
}

let serial = 0;

/** Hands one message to the Worker's queue handler and returns whether it was acknowledged. */
export async function deliver(
  bindings: Env,
  body: unknown,
  { id = `message-${serial++}`, attempts = 1, queue = 'melro-transcodes' } = {},
): Promise<'acked' | 'retried'> {
  const batch = createMessageBatch(queue, [{ id, timestamp: Date.now(), attempts, body }]);
  const context = createExecutionContext();
  await worker.queue(batch, bindings);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  return explicitAcks.length === 1 && retryMessages.length === 0 ? 'acked' : 'retried';
}

async function isSince(ms: number, transcodeId: string): Promise<boolean> {
  const [row] = await rowsOf<{ created_at_ms: number }>(
    'SELECT created_at_ms FROM transcodes WHERE id = ?',
    transcodeId,
  );
  return row !== undefined && row.created_at_ms >= ms;
}

/** A queue that keeps its messages until a test delivers, repeats, shuffles or loses them. */
export class QueueModel {
  messages: Waiting[] = [];
  readonly sent: string[] = [];
  readonly #madeAtMs = Date.now();

  /** The producer's side of it. */
  readonly binding = {
    send: async (body: TranscodeMessage) => {
      // All tests share a database: a sweep also finds what others have left queued, and that is not ours to do.
      if (!(await isSince(this.#madeAtMs, body.transcodeId))) return;
      this.sent.push(body.transcodeId);
      this.messages.push({ id: `message-${serial++}`, body, attempts: 0 });
    },
  } as unknown as Queue<TranscodeMessage>;

  /** Loses what is under way. */
  lose(): void {
    this.messages = [];
  }

  /** Delivers until nothing is under way, as the queue would: again on retry, at last to the dead letters. */
  async drain(bindings: Env): Promise<void> {
    for (let message = this.messages.shift(); message !== undefined; message = this.messages.shift()) {
      message.attempts++;
      const { id, body, attempts } = message;
      const outcome = await deliver(bindings, body, { id, attempts }).catch(() => 'retried' as const);
      if (outcome === 'acked') continue;
      if (attempts <= MAX_RETRIES) this.messages.push(message);
      else await deliver(bindings, body, { id, queue: 'melro-transcodes-dead' });
    }
  }
}
