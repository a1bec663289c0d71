/** One transcode from spooled original to finished answer. */
import type { Answer } from './answer.ts';
import { makeArtwork } from './artwork.ts';
import { FAILURE_ENTRY, MANIFEST_ENTRY, type Manifest, WAVEFORM_PATH } from './contract.ts';
import { type Encoding, prepareEncoding } from './encode.ts';
import { FileFault } from './failures.ts';
import type { Ffmpeg } from './ffmpeg-locate.ts';
import { sendProgress, startLiveUpdates } from './live-updates.ts';
import {
  codecsOf,
  masterPlaylists,
  measureBandwidth,
  mediaPlaylist,
  mediaPlaylistPath,
} from './playlists.ts';
import { probe, type Source } from './probe.ts';
import { segmentLengths } from './segment-plan.ts';

/** What became of a job, for the log. */
export interface JobReport {
  outcome: 'done' | `failed:${string}`;
  durationSeconds: number | null;
  firstSegmentMs: number | null;
  /** Why a cover that is there could not be used. */
  coverProblem: string | null;
}

/**
 * Transcodes the source in `folder` into `answer`, up to the entry that commits or fails it.
 * @throws the signal's reason or an Error where the fault is not the file's; no such entry was written then.
 */
export async function runJob(
  ffmpeg: Ffmpeg,
  folder: string,
  answer: Answer,
  signal: AbortSignal,
): Promise<JobReport> {
  const startedAt = performance.now();
  const report: JobReport = {
    outcome: 'done',
    durationSeconds: null,
    firstSegmentMs: null,
    coverProblem: null,
  };
  try {
    await sendProgress(answer, 'probing', 0, null);
    const source = await probe(ffmpeg, folder, signal);
    const encoding = prepareEncoding(ffmpeg, folder, source);
    const sideEffects = new AbortController();
    const artworkMade = makeArtwork(
      ffmpeg,
      folder,
      source.coverStreamIndex,
      AbortSignal.any([signal, sideEffects.signal]),
      (problem) => {
        report.coverProblem = problem;
      },
    );
    // Awaited below; a rejection while encoding still runs must not count as unhandled.
    artworkMade.catch(() => undefined);
    const live = startLiveUpdates(answer, encoding, source.declaredSeconds);
    try {
      const encoded = await encoding.run(async ({ path, bytes }) => {
        if (path.endsWith('.m4s')) report.firstSegmentMs ??= Math.round(performance.now() - startedAt);
        await answer.object(path, bytes);
        await live.afterObject(path);
      }, signal);
      await live.stop();
      await encoding.finish(encoded, ({ path, bytes }) => answer.object(path, bytes));
      report.durationSeconds = encoded.sampleCount / encoding.plan.target.sampleRateHz;
      await sendProgress(answer, 'finishing', report.durationSeconds, source.declaredSeconds);
      const artwork = await artworkMade;
      for (const object of artwork?.objects ?? []) await answer.object(object.path, object.bytes);
      await answer.object(WAVEFORM_PATH, JSON.stringify(encoded.waveform));
      const renditions = await sendFinalPlaylists(answer, encoding, encoded.sampleCount);
      const { target } = encoding.plan;
      const manifest: Manifest = {
        formatVersion: 1,
        durationSeconds: report.durationSeconds,
        sampleCount: encoded.sampleCount,
        sampleRateHz: target.sampleRateHz,
        channels: target.channels,
        source: describeSource(source),
        renditions,
        loudness: encoded.loudness,
        clippedSampleCount: encoding.meter.clippedSampleCount,
        tags: source.tags,
        artwork: artwork?.summary ?? null,
        objects: answer.objects,
      };
      await answer.message(MANIFEST_ENTRY, manifest);
    } finally {
      sideEffects.abort();
      await live.stop();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FileFault)) throw error;
    report.outcome = `failed:${error.failure.code}`;
    await answer.message(FAILURE_ENTRY, error.failure);
  }
  return report;
}

function describeSource(source: Source): Manifest['source'] {
  const { container, codec, sampleRateHz, channels, bitsPerSample, bitrateKbps, lossless } = source;
  return { container, codec, sampleRateHz, channels, bitsPerSample, bitrateKbps, lossless };
}

/** @returns what the manifest says about the renditions: the same figures as in the playlists. */
async function sendFinalPlaylists(
  answer: Answer,
  encoding: Encoding,
  sampleCount: number,
): Promise<Manifest['renditions']> {
  const { sampleRateHz } = encoding.plan.target;
  const lengths = segmentLengths(sampleCount, sampleRateHz);
  const seconds = lengths.map((samples) => samples / sampleRateHz);
  const described = encoding.renditions.map(({ name, segments, bytes }) => ({
    name,
    codecs: codecsOf(name),
    ...measureBandwidth(
      segments.map((segment) => segment.bytes),
      seconds,
    ),
    segmentCount: segments.length,
    bytes,
  }));
  for (const { name } of described) {
    await answer.object(mediaPlaylistPath(name), mediaPlaylist(lengths, sampleRateHz, true));
  }
  for (const { path, text } of masterPlaylists(described)) await answer.object(path, text);
  return described;
}
