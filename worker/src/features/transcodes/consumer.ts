import { transcodeMessageSchema } from '../../platform/env.ts';
import { logError } from '../../platform/log.ts';
import type { DeadLetterStore } from './dead-letters.ts';
import { type RunDeps, runTranscode } from './run-transcode.ts';

/**
 * Works through a batch of hints. A hint is done with as soon as its row has moved on; only a message that
 * cannot be read, or a database that cannot be reached, is left to the queue's own retries and dead letters.
 */
export async function consumeTranscodes(batch: MessageBatch, deps: RunDeps): Promise<void> {
  for (const message of batch.messages) {
    try {
      const { transcodeId } = transcodeMessageSchema.parse(message.body);
      await runTranscode(deps, transcodeId);
      message.ack();
    } catch (error) {
      logError('transcode message', error, { messageId: message.id });
      message.retry({ delaySeconds: 5 });
    }
  }
}

/** Keeps what the queue gave up on where an operator finds it. */
export async function consumeDeadLetters(batch: MessageBatch, letters: DeadLetterStore): Promise<void> {
  for (const message of batch.messages) {
    await letters.keep(message.id, message.body, Date.now());
    message.ack();
  }
}
