import { exportMessageSchema } from '../../platform/env.ts';
import { logError } from '../../platform/log.ts';
import { type RunExportDeps, runExport } from './run-export.ts';

/**
 * Works through a batch of hints. A hint is done with as soon as its row has moved on; only a message that cannot be
 * read, or a database that cannot be reached, is left to the queue's own retries.
 */
export async function consumeExports(batch: MessageBatch, deps: RunExportDeps): Promise<void> {
  for (const message of batch.messages) {
    try {
      const { exportId } = exportMessageSchema.parse(message.body);
      await runExport(deps, exportId);
      message.ack();
    } catch (error) {
      logError('export message', error, { messageId: message.id });
      message.retry({ delaySeconds: 5 });
    }
  }
}
