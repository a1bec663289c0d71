import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { sha256Hex } from './audio.ts';
import { PUBLISHED_PATHS } from './crafted-answer.ts';

/** Tries until it succeeds; on a loaded machine that takes longer than vitest's own second. */
export function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(attempt, { timeout: 20_000, interval: 20 });
}

/** Returns the keys under a prefix. */
export async function keysUnder(prefix: string): Promise<string[]> {
  const { objects, truncated } = await env.MEDIA.list({ prefix });
  if (truncated) throw new Error('more objects than a test can look at');
  return objects.map(({ key }) => key);
}

/** Returns rows of a query. */
export async function rowsOf<T>(sql: string, ...values: unknown[]): Promise<T[]> {
  const { results } = await env.DB.prepare(sql)
    .bind(...values)
    .all<T>();
  return results;
}

interface TrackState {
  state: string;
  version: string | null;
  preview_version: string | null;
}

export async function trackState(trackId: string): Promise<TrackState | undefined> {
  const [row] = await rowsOf<TrackState>(
    'SELECT state, version, preview_version FROM tracks WHERE id = ?',
    trackId,
  );
  return row;
}

export interface TranscodeState {
  state: string;
  attempt: number;
  fault_count: number;
  version: string | null;
  due_at_ms: number;
}

export async function transcodeState(transcodeId: string): Promise<TranscodeState | undefined> {
  const [row] = await rowsOf<TranscodeState>(
    'SELECT state, attempt, fault_count, version, due_at_ms FROM transcodes WHERE id = ?',
    transcodeId,
  );
  return row;
}

/** An uploaded recording and what it held. */
export interface Recording {
  trackId: string;
  uploadId: string;
  transcodeId: string;
  sha256: string;
}

/**
 * Asserts what must hold in the end, whatever went wrong: exactly one version is published and whole,
 * the original is what was uploaded, nothing else is left in the bucket or in the list of attempts.
 */
export async function expectPublishedOnce(recording: Recording): Promise<void> {
  const { trackId, transcodeId } = recording;
  const track = await trackState(trackId);
  expect(track).toMatchObject({ state: 'ready', preview_version: null });
  const version = track?.version ?? 'none';
  expect(await transcodeState(transcodeId)).toMatchObject({ state: 'done', version });
  expect(
    await rowsOf('SELECT version, state FROM transcode_attempts WHERE transcode_id = ?', transcodeId),
  ).toEqual([{ version, state: 'published' }]);
  expect(await keysUnder(`hls/${trackId}/`)).toEqual(
    PUBLISHED_PATHS.map((path) => `hls/${trackId}/${version}/${path}`),
  );
  await expectOriginalIntact(recording);
}

export async function expectOriginalIntact({ trackId, uploadId, sha256 }: Recording): Promise<void> {
  const original = await env.MEDIA.get(`originals/${trackId}/${uploadId}`);
  expect(original).not.toBeNull();
  expect(await sha256Hex((await original?.arrayBuffer()) ?? new ArrayBuffer(0))).toBe(sha256);
}
