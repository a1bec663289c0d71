import { mailMessageSchema } from '../../platform/env.ts';
import { logError } from '../../platform/log.ts';
import { type DeliverDeps, deliverMail } from './deliver.ts';

/**
 * Works through a batch of hints, one after the other. A hint is done with as soon as its row has moved on; only
 * a message that cannot be read, or a database that cannot be reached, is left to the queue's own retries.
 */
export async function consumeMail(batch: MessageBatch, deps: DeliverDeps): Promise<void> {
  for (const message of batch.messages) {
    try {
      const { mailId } = mailMessageSchema.parse(message.body);
      await deliverMail(deps, mailId);
      message.ack();
    } catch (error) {
      logError('mail message', error, { messageId: message.id });
      message.retry({ delaySeconds: 5 });
    }
  }
}
