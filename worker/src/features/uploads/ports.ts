import type { SQL } from 'drizzle-orm';
import type { Statement } from '../../platform/db.ts';

/** The track that an upload will become; every write shares the batch of its cause. */
export interface DraftPort {
  createDraft(draft: { trackId: string; ownerId: string; fileName: string; createdAtMs: number }): Statement;
  markQueued(trackId: string, guard: SQL): Statement;
  markFailed(trackId: string, failure: { code: string; detail: string }, guard: SQL): Statement;
  removeDraft(trackId: string, guard: SQL): Statement;
}

/** Where completed originals go to be transcoded. */
export interface TranscodePort {
  enqueue(
    row: { transcodeId: string; trackId: string; originalKey: string; nowMs: number },
    guard: SQL,
  ): Statement;
  sendHint(transcodeId: string, delaySeconds: number): Promise<void>;
}

/** Where transcodes go with what they were made of. */
export interface ErasePort {
  removeTranscode(transcodeId: string): Statement[];
}
