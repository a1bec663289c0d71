import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { ApiClient, Track } from '../lib/api-client.ts';
import { findEarlier } from '../lib/earlier-upload.ts';
import { count } from '../lib/format.ts';
import { bar, type LiveLine } from '../lib/live-line.ts';
import { type HeldRelease, ReleaseShelf } from '../lib/release-shelf.ts';
import { UsageError } from '../lib/target.ts';
import { TranscodeWatch } from '../lib/transcodes.ts';
import { type UploadSource, uploadFile } from '../lib/upload-file.ts';
import { catalogue } from './catalogue.ts';
import { allJobs, placesOf, type RenderedTrack } from './render-job.ts';
import { renderAll } from './render-pool.ts';

export type FillResult = {
  tracks: number;
  alreadyThere: number;
  failed: { title: string; reason: string }[];
  held: HeldRelease[];
};

/** Throws a UsageError when the installation holds music that is not the demonstration's own. */
export async function requireEmpty(client: ApiClient): Promise<void> {
  const tracks = [...(await client.listTracks('everyone', 50)), ...(await client.listTracks('mine', 50))];
  const foreign = new Set(tracks.filter((track) => !isOurs(track)).map(({ trackId }) => trackId));
  if (foreign.size === 0) return;
  throw new UsageError(
    `There is music here already (${count(foreign.size, 'track')}), and the demonstration is meant for an empty installation.\n` +
      'To add it anyway, next to what is there: npm run demo -- --force',
  );
}

/** An interrupted demonstration may be continued: its own tracks, and uploads without tags yet, do not count. */
function isOurs(track: Track): boolean {
  return track.state === 'uploading' || catalogue.some(({ artist }) => artist === track.artist);
}

/**
 * Composes, uploads and waits for the whole catalogue. It is sent last track first, because lists show the
 * newest first: they then read like the catalogue. The continuous piece takes longest, so it starts first.
 */
export async function fill(client: ApiClient, line: LiveLine, signal: AbortSignal): Promise<FillResult> {
  const order = [...allJobs()].reverse();
  const bySize = [...order].sort((a, b) => placesOf(b).length - placesOf(a).length);
  const total = order.reduce((sum, job) => sum + placesOf(job).length, 0);
  const stop = new AbortController();
  const rendered = renderAll(bySize, {
    threads: Math.min(4, availableParallelism()),
    signal: AbortSignal.any([signal, stop.signal]),
  });
  const titles = new Map<string, string>();
  const result: FillResult = { tracks: total, alreadyThere: 0, failed: [], held: [] };
  const shelf = new ReleaseShelf(client);
  let composed = 0;
  let sent = 0;
  let ready = 0;
  let allSent = false;
  const watch = new TranscodeWatch(
    client,
    (track) => {
      if (track.state === 'ready') ready++;
      else result.failed.push({ title: titles.get(track.trackId) ?? track.title, reason: reasonOf(track) });
    },
    AbortSignal.any([signal, stop.signal]),
  );
  const show = (): void => {
    const part = (composed + sent + ready + watch.partialProgress) / (total * 3);
    line.update(`${bar(part)}  composed ${composed}/${total} · sent ${sent} · ready ${ready}`);
  };
  const ticker = setInterval(show, 200);
  const send = async (): Promise<void> => {
    for (const job of order) {
      const tracks = await rendered[bySize.indexOf(job)];
      for (const track of [...(tracks ?? [])].reverse()) {
        const { trackId, present } = await sendTrack(client, shelf, track);
        titles.set(trackId, track.place.title);
        if (present) result.alreadyThere++;
        watch.add(trackId);
        sent++;
      }
    }
    allSent = true;
  };
  for (const [i, job] of bySize.entries()) {
    rendered[i]?.then(
      () => {
        composed += placesOf(job).length;
      },
      () => undefined,
    );
  }
  try {
    await Promise.all([send(), watch.run(() => allSent)]);
    result.held = (await shelf.publish()).held;
  } finally {
    stop.abort();
    clearInterval(ticker);
    line.clear();
  }
  return result;
}

function reasonOf(track: Track): string {
  return track.failure === null
    ? 'it could not be prepared'
    : `${track.failure.detail} (${track.failure.code})`;
}

async function sendTrack(
  client: ApiClient,
  shelf: ReleaseShelf,
  track: RenderedTrack,
): Promise<{ trackId: string; present: boolean }> {
  const sha256 = createHash('sha256').update(track.bytes).digest('hex');
  const source: UploadSource = {
    fileName: track.fileName,
    sizeBytes: track.bytes.length,
    read: async (start, end) => track.bytes.subarray(start, end),
  };
  const releaseId = await shelf.releaseFor(track.place.release.artist, track.place.release.title);
  const earlier = await findEarlier(client, { sha256, sizeBytes: source.sizeBytes });
  if (earlier.kind === 'present') return { trackId: earlier.track.trackId, present: true };
  const unfinished = earlier.kind === 'unfinished' ? earlier.upload : undefined;
  const { trackId } = await uploadFile(client, source, { sha256, releaseId, unfinished });
  return { trackId, present: false };
}
