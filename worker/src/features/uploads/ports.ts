import type { SQL } from 'drizzle-orm';
import type { Statement } from '../../platform/db.ts';

/** The track that an upload will become; every write shares the batch of its cause. */
export interface DraftPort {
  /** Throws where this person may not add to the release or may not replace the track; `not_found` hides both. */
  requirePlace(ownerId: string, place: { releaseId: string | null; replaces: string | null }): Promise<void>;
  createDraft(draft: {
    trackId: string;
    uploadId: string;
    ownerId: string;
    fileName: string;
    createdAtMs: number;
    releaseId: string | null;
  }): Statement;
  /** Changes one row, or none where the track is being made already. */
  beginReplacement(upload: { trackId: string; uploadId: string; fileName: string }): Statement;
  markQueued(trackId: string, uploadId: string, guard: SQL): Statement;
  markFailed(
    trackId: string,
    uploadId: string,
    failure: { code: string; detail: string },
    guard: SQL,
  ): Statement;
  removeDraft(trackId: string, uploadId: string, guard: SQL): Statement[];
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
