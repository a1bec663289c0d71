import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalTranscoder } from '../start/transcoder.ts';
import { cpuSecondsOf, timeCommand } from './cpu-time.ts';

const POLL_MS = 20;
const LONGEST_MS = 180_000;

/** How long an upload took to become music. */
export interface LadderFigures {
  trackId: string;
  firstSegmentSeconds: number;
  wholeLadderSeconds: number;
  cpuSeconds: number;
}

async function json<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function send(
  base: URL,
  authorization: string,
  wav: Buffer,
): Promise<{ uploadId: string; trackId: string }> {
  const upload = await json<{ uploadId: string; trackId: string; partSizeBytes: number; partCount: number }>(
    await fetch(new URL('/api/v1/uploads', base), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ fileName: 'bench.wav', sizeBytes: wav.length }),
    }),
  );
  for (let number = 1; number <= upload.partCount; number++) {
    const part = wav.subarray((number - 1) * upload.partSizeBytes, number * upload.partSizeBytes);
    const address = new URL(`/api/v1/uploads/${upload.uploadId}/parts/${number}`, base);
    await json(
      await fetch(address, { method: 'PUT', headers: { authorization }, body: new Uint8Array(part) }),
    );
  }
  return upload;
}

/** Asks for a grant and the first segment behind it, as a player would; false while there is none. */
async function isFirstSegmentThere(base: URL, authorization: string, trackId: string): Promise<boolean> {
  const response = await fetch(new URL('/api/v1/playback', base), {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ trackId }),
  });
  if (!response.ok) return false;
  const { url } = (await response.json()) as { url: string };
  const segment = await fetch(new URL('128/0.m4s', new URL(url, base)));
  await segment.arrayBuffer();
  return segment.ok;
}

/** Uploads music and measures from `complete` to the first playable segment and to the published ladder. */
export async function benchLadder(
  base: URL,
  token: string,
  transcoder: LocalTranscoder,
  wav: Buffer,
): Promise<LadderFigures> {
  const authorization = `Bearer ${token}`;
  const { uploadId, trackId } = await send(base, authorization, wav);
  const cpuBefore = await cpuSecondsOf(transcoder.pid());
  const startedMs = performance.now();
  const complete = new URL(`/api/v1/uploads/${uploadId}/complete`, base);
  await json(await fetch(complete, { method: 'POST', headers: { authorization } }));
  let firstSegmentSeconds: number | null = null;
  while (performance.now() - startedMs < LONGEST_MS) {
    if (firstSegmentSeconds === null && (await isFirstSegmentThere(base, authorization, trackId))) {
      firstSegmentSeconds = (performance.now() - startedMs) / 1000;
    }
    const { state, failure } = await json<{ state: string; failure: { detail: string } | null }>(
      await fetch(new URL(`/api/v1/tracks/${trackId}`, base), { headers: { authorization } }),
    );
    const wholeLadderSeconds = (performance.now() - startedMs) / 1000;
    if (state === 'failed') throw new Error(`the transcode failed: ${failure?.detail}`);
    if (state === 'ready') {
      const cpuSeconds = (await cpuSecondsOf(transcoder.pid())) - cpuBefore;
      return {
        trackId,
        firstSegmentSeconds: firstSegmentSeconds ?? wholeLadderSeconds,
        wholeLadderSeconds,
        cpuSeconds,
      };
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error('the transcode did not end');
}

/** Returns the CPU seconds of one plain ffmpeg run that makes the same five renditions, or null without ffmpeg. */
export async function plainFfmpegCpuSeconds(wav: Buffer): Promise<number | null> {
  if (spawnSync('ffmpeg', ['-version']).status !== 0) return null;
  const folder = await mkdtemp(join(tmpdir(), 'melro-bench-'));
  try {
    const input = join(folder, 'in.wav');
    await writeFile(input, wav);
    const aac = [64, 128, 192, 320].flatMap((kbps) => [
      ...['-map', '0:a', '-c:a', 'aac', '-aac_coder', kbps === 320 ? 'twoloop' : 'fast', '-b:a', `${kbps}k`],
      join(folder, `${kbps}.m4a`),
    ]);
    const flac = ['-map', '0:a', '-c:a', 'flac', join(folder, 'lossless.flac')];
    const { cpuSeconds } = await timeCommand('ffmpeg', ['-nostdin', '-y', '-i', input, ...aac, ...flac]);
    return cpuSeconds;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
