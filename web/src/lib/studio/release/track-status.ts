import { formatBytes } from '$lib/format/bytes.ts';
import type { UploadTask } from '$lib/upload/upload-task.svelte.ts';
import type { StudioTrack } from '../studio-api.ts';

/** How far a track is, in words and as a bar. */
export interface TrackStatus {
  words: string;
  tone: 'quiet' | 'busy' | 'failed';
  /** 0 to 1; null while it cannot be told; undefined where there is no bar. */
  progress?: number | null;
}

/** What is known of an upload of this tab. */
type Sending = Pick<UploadTask, 'state' | 'sentBytes' | 'problem'> & { file: Pick<File, 'size'> };

function percent(value: number): string {
  return `${Math.floor(value * 100)} %`;
}

/** Returns how far an upload is. */
export function uploadStatus({ state, sentBytes, problem, file }: Sending): TrackStatus {
  const progress = file.size === 0 ? 0 : sentBytes / file.size;
  const of = `${percent(progress)} of ${formatBytes(file.size)}`;
  if (state === 'failed') return { words: problem ?? 'This upload has failed.', tone: 'failed' };
  if (state === 'waiting') return { words: 'Waits for its turn', tone: 'busy', progress };
  if (state === 'paused') return { words: `Paused · ${of}`, tone: 'quiet', progress };
  if (state === 'sending') return { words: `Uploading · ${of}`, tone: 'busy', progress };
  return { words: 'Checking the file', tone: 'busy', progress: null };
}

function makingStatus(state: StudioTrack['state'], progress: number | null, playable: boolean): TrackStatus {
  if (state === 'uploading') return { words: 'Uploaded in another window, or unfinished', tone: 'quiet' };
  if (state === 'queued') return { words: 'Waits to be transcoded', tone: 'busy', progress: null };
  const words = progress === null ? 'Transcoding' : `Transcoding · ${percent(progress)}`;
  return { words: playable ? `${words} · you can already listen` : words, tone: 'busy', progress };
}

/** Returns how far a track is, or null where it is simply ready. */
export function trackStatus(track: StudioTrack, task: Sending | undefined): TrackStatus | null {
  const { replacement } = track;
  if (replacement !== null) {
    if (replacement.state === 'failed')
      return {
        words: `The new file could not be used. ${replacement.failure?.detail ?? ''} The old one plays on.`,
        tone: 'failed',
      };
    const inner =
      task === undefined ? makingStatus(replacement.state, replacement.progress, false) : uploadStatus(task);
    return { ...inner, words: `New file: ${inner.words.charAt(0).toLowerCase()}${inner.words.slice(1)}` };
  }
  if (task !== undefined) return uploadStatus(task);
  if (track.state === 'ready') return null;
  if (track.state === 'failed')
    return { words: track.failure?.detail ?? 'This file could not be used.', tone: 'failed' };
  return makingStatus(track.state, track.progress, track.playable);
}
