import type { Manifest } from '@melro/transcoder/contract';
import type { SQL } from 'drizzle-orm';
import type { Statement } from '../../platform/db.ts';

/** What transcodes say about the track they work for; every write shares the batch of its cause. */
export interface TrackPort {
  markQueued(trackId: string, guard: SQL): Statement;
  markTranscoding(trackId: string, guard: SQL): Statement;
  setProgress(trackId: string, progress: number | null, previewVersion: string | null, guard: SQL): Statement;
  markFailed(trackId: string, failure: { code: string; detail: string }, guard: SQL): Statement;
  publish(trackId: string, version: string, manifest: Manifest, nowMs: number, guard: SQL): Statement;
}
