/** What an answer says while a track is still being made: progress, and playlists that grow. */
import type { Answer } from './answer.ts';
import { PROGRESS_ENTRY, type Progress } from './contract.ts';
import type { Encoding } from './encode.ts';
import {
  codecsOf,
  masterPlaylists,
  mediaPlaylist,
  mediaPlaylistPath,
  nominalBandwidth,
} from './playlists.ts';
import { segmentStart } from './segment-plan.ts';

const PROGRESS_INTERVAL_MS = 1000;
const PLAYLIST_INTERVAL_MS = 2000;

/** Handles of the updates of one job. */
export interface LiveUpdates {
  /** To be called after every object that has been sent. */
  afterObject(path: string): Promise<void>;
  /** Ends the updates; nothing of theirs is sent after it resolves. */
  stop(): Promise<void>;
}

/** Adds one progress entry. `decodedSeconds` is music, not wall clock. */
export async function sendProgress(
  answer: Answer,
  stage: Progress['stage'],
  decodedSeconds: number,
  declaredDurationSeconds: number | null,
): Promise<void> {
  const progress: Progress = { stage, decodedSeconds, declaredDurationSeconds };
  await answer.message(PROGRESS_ENTRY, progress);
}

/**
 * Starts the updates of a job: progress once a second, and from the moment at which every rendition has its
 * first segment, EVENT playlists every two seconds.
 */
export function startLiveUpdates(
  answer: Answer,
  encoding: Encoding,
  declaredSeconds: number | null,
): LiveUpdates {
  const { renditions, meter, plan } = encoding;
  const { sampleRateHz, channels, losslessBits } = plan.target;
  /** How many segments of each rendition have been sent, and how many its last playlist listed. */
  const sent = new Map<string, number>(renditions.map(({ name }) => [name, 0]));
  const listed = new Map<string, number>();
  let playlistsSentAt: number | undefined;

  const sendPlaylists = async (): Promise<void> => {
    for (const { name } of renditions) {
      const count = sent.get(name) ?? 0;
      if (listed.get(name) === count) continue;
      listed.set(name, count);
      const lengths = Array.from(
        { length: count },
        (_, index) => segmentStart(index + 1, sampleRateHz) - segmentStart(index, sampleRateHz),
      );
      await answer.object(mediaPlaylistPath(name), mediaPlaylist(lengths, sampleRateHz, false));
    }
  };
  const sendMasters = async (): Promise<void> => {
    const variants = renditions.map(({ name }) => ({
      name,
      codecs: codecsOf(name),
      ...nominalBandwidth(name, sampleRateHz, channels, losslessBits),
    }));
    for (const { path, text } of masterPlaylists(variants)) await answer.object(path, text);
  };

  let isTicking = false;
  let lastTick: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // A client that reads slowly gets fewer of them, not a queue of old ones.
    if (isTicking) return;
    isTicking = true;
    lastTick = sendProgress(answer, 'encoding', meter.sampleCount / sampleRateHz, declaredSeconds)
      // A broken answer also fails the next object, and that ends the job.
      .catch(() => undefined)
      .finally(() => {
        isTicking = false;
      });
  }, PROGRESS_INTERVAL_MS);

  return {
    afterObject: async (path) => {
      if (!path.endsWith('.m4s')) return;
      const name = path.slice(0, path.indexOf('/'));
      sent.set(name, (sent.get(name) ?? 0) + 1);
      const now = performance.now();
      if (playlistsSentAt === undefined) {
        if ([...sent.values()].includes(0)) return;
        playlistsSentAt = now;
        await sendPlaylists();
        await sendMasters();
      } else if (now - playlistsSentAt >= PLAYLIST_INTERVAL_MS) {
        playlistsSentAt = now;
        await sendPlaylists();
      }
    },
    stop: async () => {
      clearInterval(timer);
      await lastTick;
    },
  };
}
