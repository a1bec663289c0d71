import type { Manifest } from '@melro/transcoder/contract';
import type { SQL } from 'drizzle-orm';
import type { Statement } from '../../platform/db.ts';
import { siblingId } from '../../platform/ids.ts';

/** What transcodes say about the track they work for, by the upload that they are of; every write shares the batch of its cause. */
export interface TrackPort {
  markQueued(trackId: string, uploadId: string, guard: SQL): Statement;
  markTranscoding(trackId: string, uploadId: string, guard: SQL): Statement;
  setProgress(
    trackId: string,
    uploadId: string,
    progress: number | null,
    previewVersion: string | null,
    guard: SQL,
  ): Statement;
  markFailed(
    trackId: string,
    uploadId: string,
    failure: { code: string; detail: string },
    guard: SQL,
  ): Statement;
  publish(
    trackId: string,
    uploadId: string,
    version: string,
    manifest: Manifest,
    nowMs: number,
    guard: SQL,
  ): Statement[];
}

/** Returns the upload whose recording a transcode works on. */
export function uploadOf(transcodeId: string): string {
  return siblingId('upl', transcodeId);
}
